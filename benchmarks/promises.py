"""Whether promised escape rates hold, how well probabilities are calibrated, and what prediction sets cover.

    python benchmarks/promises.py                                     20 simulated sets
    python benchmarks/promises.py --data DATA --splits DATA/splits.csv --seeds 0 1 2 3 4
    python benchmarks/promises.py --lots 1.0 --set 'experts=[readings, trees, sklearn:svc]'     lots that differ

Every seed trains once. Operating points and prediction sets come from the out-of-fold probabilities of its training
records, and are then applied to its test records. Only probabilities decide here: records that the reading or the range
of a number would send to review are not. Simulated records come with their true readings, which saves OCR; the reader
reads all of them correctly (`reading.md`). With `--lots`, five records at a time are a lot, the group of these records,
whose means are displaced by the same random distance; the lots of the test are others than those of the training. That
needs experts that look at numbers only. The probabilities of finished seeds are stored in the folder `--runs`, so
that an interrupted benchmark can be resumed, and that other promises need no training.
"""

import argparse
import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from result_files import RESULTS, write_result

from triptych.config import Config, load_config
from triptych.decision.bounds import binomial_interval
from triptych.decision.calibration import calibration_of
from triptych.decision.operating_point import Evidence, promise
from triptych.decision.prediction_sets import PredictionSets
from triptych.evaluation.accuracy import TEST, TRAIN
from triptych.evaluation.environment import commit, environment, environment_line
from triptych.evaluation.intervals import mean_interval
from triptych.evaluation.protocol import Split, SplitOf, given_splits, simulated_splits
from triptych.experts.pool import Pool
from triptych.network.compute import threads_for
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import bar
from triptych.records import RecordSet, find_normal
from triptych.records.fields import MEAN_X, MEAN_Y
from triptych.records.values import plain_readings
from triptych.training.checkpoints import Checkpoints
from triptych.training.fitting import train
from triptych.training.training_data import collect

LOT = 5  # records
RATES, CONFIDENCE = (0.02, 0.05, 0.10), 0.95
STRUCTURE = ("image", "label", "split", "layout", "Machine", "Lot", "Tool", "Date")  # columns that are no readings
Run = dict[str, NDArray[Any]]


def measure(split: Split, config: Config) -> Run:
    """Train on one seed; the probabilities of its training records (out of fold) and of its test records."""
    with threads_for(config):
        data = collect(split.train, config, bar)
        with Preparer(config, data.classes, data.state) as preparer:
            test = [item for item in preparer.prepare(bar(split.test, "Read test")) if isinstance(item, Prepared)]
        model = train(data, Checkpoints(None, ""), bar)
        by_expert = model.ensemble.expert_log_probabilities(test, model.classes)
    evidence = model.evidence
    assert evidence is not None
    kept = {name: weight for name, weight in model.ensemble.pool.weights.items() if weight}
    return {
        "classes": np.array(model.classes),
        "known": evidence.probabilities,
        "known_labels": evidence.labels,
        "sides": evidence.sides,
        "test": model.ensemble.pool.log_probabilities(by_expert).exp().numpy(),
        "test_equal": Pool.equal(list(kept)).log_probabilities(by_expert).exp().numpy(),
        "test_labels": np.array([model.classes.index(item.record.label or "") for item in test]),
        "commit": np.array(commit()),
    }


def with_truth(split_of: SplitOf, folder: Path) -> SplitOf:
    """The simulated records of each seed with their true readings."""

    def split(seed: int) -> Split:
        found, place = split_of(seed), folder / f"seed-{seed}" / "records"
        with (place / "truth.csv").open(encoding="utf-8") as file:
            rows = {str(place / row["image"]): row for row in csv.DictReader(file)}

        def told(records: RecordSet) -> RecordSet:
            return replace(records, records=tuple(replace(r, readings=_readings(rows[str(r.image)])) for r in records))

        return Split(seed, told(found.train), told(found.test))

    return split


def with_lots(split_of: SplitOf, spread: float) -> SplitOf:
    """The records of each seed in lots of `LOT`, which displace their means by normal distances with sigma `spread`."""

    def split(seed: int) -> Split:
        found, rng = split_of(seed), np.random.default_rng([seed, 1])
        return Split(seed, lots(found.train, rng, "training"), lots(found.test, rng, "test"))

    def lots(records: RecordSet, rng: np.random.Generator, name: str) -> RecordSet:
        numbers = rng.permutation(len(records)) // LOT
        offsets = rng.normal(0, spread, (int(numbers.max()) + 1, 2))
        moved = [
            replace(record, group=f"{name} {lot}", readings=_displaced(record.readings, offsets[lot]))
            for record, lot in zip(records, numbers, strict=True)
        ]
        return replace(records, records=tuple(moved))

    return split


def _displaced(readings: Mapping[str, float | str], offset: NDArray[np.float64]) -> dict[str, float | str]:
    means = {name: float(readings[name]) + by for name, by in zip((MEAN_X, MEAN_Y), offset, strict=True)}
    return {**readings, **means}


def _readings(row: dict[str, str]) -> dict[str, float | str]:
    numbers = {name: float(text) for name, text in row.items() if text and name not in STRUCTURE}
    return plain_readings(numbers, row["image"])


def judge(run: Run, normal: str) -> dict[str, Any]:
    """What was promised on one seed, and what became of its test records."""
    classes = run["classes"].tolist()
    evidence = Evidence(classes, normal, run["known"], run["known_labels"], run["sides"])
    labels, shares = run["test_labels"], run["test"]
    good = labels == classes.index(normal)
    p_normal = shares[:, classes.index(normal)]
    sets = PredictionSets.of(evidence)
    covered = sets.p_values(shares)[np.arange(len(labels)), labels] > 1 - CONFIDENCE
    sizes = [len(found) for found in sets.sets(shares, CONFIDENCE)]
    before, after = calibration_of(run["test_equal"], labels), calibration_of(shares, labels)
    held_out = calibration_of(run["known"], run["known_labels"])
    return {
        "escape": {str(rate): _kept(evidence, rate, p_normal, good) for rate in RATES},
        "coverage": {name: _share(covered[labels == i]) for i, name in enumerate(classes)},
        "set_size": float(np.mean(sizes)),
        "calibration_error": 100 * after.calibration_error,
        "calibration_error_before": 100 * before.calibration_error,
        "calibration_error_out_of_fold": 100 * held_out.calibration_error,
        "log_loss": after.log_loss,
        "log_loss_before": before.log_loss,
        "brier": after.brier,
        "brier_before": before.brier,
        "commit": str(run["commit"]),
    }


def _share(inside: NDArray[np.bool_]) -> list[int]:
    return [int(inside.sum()), len(inside)]


def _kept(evidence: Evidence, rate: float, p_normal: NDArray[np.float64], good: NDArray[np.bool_]) -> dict[str, Any]:
    """One promise of an escape rate, with the records that the threshold releases as normal."""
    found = promise(evidence, "escape", rate, CONFIDENCE)
    if found.threshold is None:
        return {"promised": False, "records": found.records}
    released = p_normal > found.threshold
    escapes, defective = int(released[~good].sum()), int((~good).sum())
    return {
        "promised": True,
        "records": found.records,
        "errors": found.errors,
        "escapes": [escapes, defective],
        "holds": escapes <= rate * defective,
        "refuted": binomial_interval(escapes, defective, 0.9).low > rate,
        "normal_to_review": _share(~released[good]),
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    runs = [run["found"] for run in result["runs"]]
    lines = [
        "# Promised escape rates, calibration and prediction sets",
        "",
        f"{result['source']} Settings: {' '.join(result['settings']) or 'the defaults'}. Promises have "
        f"{100 * CONFIDENCE:g}% confidence. A promise holds if the share of escapes among the defective test records "
        "is at most the promised rate, and is refuted if this share is above it beyond chance (exact one-sided test, "
        "5%).",
        "",
        "| promised | promised on | holds | refuted | escapes on the test | normal records to review |",
        "|---|---|---|---|---|---|",
    ]
    for rate in RATES:
        kept = [run["escape"][str(rate)] for run in runs if run["escape"][str(rate)]["promised"]]
        escapes = [100 * k["escapes"][0] / k["escapes"][1] for k in kept]
        review = [100 * k["normal_to_review"][0] / k["normal_to_review"][1] for k in kept]
        cells = [f"{mean_interval(c)}%" if c else "" for c in (escapes, review)]
        counts = [f"{sum(k[key] for k in kept)} of {len(kept)}" for key in ("holds", "refuted")]
        lines.append(f"| {100 * rate:g}% | {len(kept)} of {len(runs)} sets | " + " | ".join([*counts, *cells]) + " |")
    lines += ["", *_coverage(runs), "", *_quality(runs), "", environment_line(result["machine"]), ""]
    return "\n".join(lines)


def _coverage(runs: list[dict[str, Any]]) -> list[str]:
    names = list(runs[0]["coverage"])
    total = {name: np.sum([run["coverage"][name] for run in runs if name in run["coverage"]], axis=0) for name in names}
    rows = []
    for name, (inside, n) in total.items():
        share = [100 * a / b for a, b in (run["coverage"][name] for run in runs) if b]
        rows.append(f"| {name} | {100 * inside / n:.1f}% of {n:,} | {min(share):.1f} to {max(share):.1f}% |")
    size = mean_interval([run["set_size"] for run in runs])
    return [
        f"Prediction sets of {100 * CONFIDENCE:g}% (on average {size.mean:.2f} classes):",
        "",
        "| class | test records whose class is in the set | sets, least to most |",
        "|---|---|---|",
        *rows,
    ]


def _quality(runs: list[dict[str, Any]]) -> list[str]:
    def cell(key: str, digits: int) -> str:
        found = mean_interval([run[key] for run in runs])
        return f"{found.mean:.{digits}f} ± {found.half:.{digits}f}"

    worst = max(run["calibration_error"] for run in runs)
    return [
        "| | experts with equal weights | pool |",
        "|---|---|---|",
        f"| log loss | {cell('log_loss_before', 3)} | {cell('log_loss', 3)} |",
        f"| Brier score | {cell('brier_before', 3)} | {cell('brier', 3)} |",
        f"| expected calibration error, % | {cell('calibration_error_before', 1)} | {cell('calibration_error', 1)} |",
        "",
        f"The greatest calibration error of a set is {worst:.1f}%. Out of fold, on the training records, it is "
        f"{cell('calibration_error_out_of_fold', 1)}%.",
    ]


def main() -> None:
    """Run the benchmark and write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="records, with --splits")
    parser.add_argument("--splits", type=Path, help="a table of their splits: seed, image, split")
    parser.add_argument("--folder", type=Path, default=Path("promises-data"), help="for simulated records")
    parser.add_argument("--runs", type=Path, default=Path("promises-runs"), help="for the results of finished seeds")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(20)))
    parser.add_argument("--test", type=int, default=TEST, help="number of simulated test records")
    parser.add_argument("--lots", type=float, help="um, sigma of the distance by which a lot displaces its means")
    parser.add_argument("--set", action="append", default=[], dest="settings", help="a setting")
    parser.add_argument("--name", help="name of the result files")
    args = parser.parse_args()
    if args.data:
        name, split_of = f"promises-{args.splits.stem}", given_splits(args.data, args.splits)
        source = f"Records of {args.data.name}, split by {args.splits.name}, seeds {args.seeds}."
    else:
        name = "promises"
        split_of = with_truth(simulated_splits(args.folder, TRAIN, args.test, bar), args.folder)
        first, last = args.seeds[0], args.seeds[-1]
        source = f"{TRAIN} simulated training records and {args.test} test records, seeds {first} to {last}."
    if args.lots:
        name, split_of = "promises-lots", with_lots(split_of, args.lots)
        source += f" Lots of {LOT} records displace their means by {args.lots:g} um (sigma); no lot is in both."
    name = args.name or name
    args.runs.mkdir(parents=True, exist_ok=True)
    runs = []
    for seed in args.seeds:
        path, config = args.runs / f"{name}-{seed}.npz", load_config(None, (*args.settings, f"seed={seed}"))
        if not path.exists():
            np.savez(path, **measure(split_of(seed), config))
        with np.load(path) as kept:
            run = dict(kept)
        normal = find_normal(run["classes"].tolist(), config.normal)
        assert normal is not None
        runs.append({"seed": seed, "found": judge(run, normal)})
        print(seed, runs[-1]["found"]["escape"], f"log loss {runs[-1]['found']['log_loss']:.3f}", flush=True)
    result = {"source": source, "settings": args.settings, "runs": runs, "machine": environment()}
    write_result(name, result, as_markdown(result))
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
