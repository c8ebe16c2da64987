r"""Measures `triptych audit` on planted faults, and on data without them.

    python benchmarks/wm811k.py /path/to/wm811k /tmp/wafers
    python benchmarks/sdls_vad.py /path/to/sdls_vad /tmp/photographs
    python benchmarks/audit.py --wafers /tmp/wafers --photographs /tmp/photographs \
        --photograph-groups /path/to/sdls_vad/labels.csv

Every seed simulates the 325 training records of the paper's protocol. The true readings are given as columns, so no OCR
is involved. Three audits follow:

- `labels`: 5% of the labels are replaced by another class, drawn at random. Reported: how many of these are among the
  first 10% of the ranking by doubt, among the reported records, and how many are expected.
- `planted`: 12 exact copies, 12 copies with another size, brightness and JPEG quality, 4 of each within the split, in
  another split and in another group, and 8 of all with another label; 12 records whose total, one sigma, both sigmas or
  mean is changed; a serial number whose prefix depends on the class, dates that depend on the class, and file names
  that begin with a letter for each class. A second planted set has pictures of one size per class.
- `clean`: nothing is planted, but there are columns of random serial numbers and dates, and random groups.

The clean data of two public data sets are audited too. Their pictures get neutral names, because the numbers in the
original names follow the order of collection, and tell the class: the audit reports that as a leak. In the photographs,
the frames that the data set itself lists as near-duplicates are one group.
"""

import argparse
import io
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, ImageEnhance
from result_files import write_result

from triptych import load_config
from triptych.audit import KINDS, Audit, audit_records
from triptych.config import Config
from triptych.evaluation.environment import environment, environment_line
from triptych.records import Record, RecordSet, frame_records, open_records
from triptych.simulate import simulate_dataset

FLIPPED, FIRST = 0.05, 0.10  # share of flipped labels, and of the ranking that is looked at
COPIES, TWO_LABELS, CONTRADICTIONS = 12, 8, 12
TARGETS = {"flipped_in_first_tenth": 70.0, "found_of_planted": 100.0, "accused_of_clean": 2.0}
LENGTHS = ("mean_x", "mean_y", "sigma_x", "sigma_y")

Rng = np.random.Generator
Plant = Callable[[list[Record], Rng], dict[str, set[str]]]


def simulated(folder: Path, seed: int) -> RecordSet:
    """325 simulated records with their true readings as columns and neutral names."""
    out = folder / f"seed-{seed}"
    if not (out / "complete").exists():
        simulate_dataset(out, records=455, seed=seed)
        (out / "complete").touch()
    truth = pd.read_csv(out / "truth.csv")
    truth = truth[truth["split"] == "train"]
    columns = [name for name in truth.columns if name in ("total", *LENGTHS) or name.startswith("ring_")]
    found = frame_records(truth[["image", "label", *columns]], out, "truth.csv")
    return renamed(found, np.random.default_rng(seed))


def renamed(records: RecordSet, rng: Rng) -> RecordSet:
    """The same records in random order, with the names `pictures/0001.png` and so on."""
    order = rng.permutation(len(records))
    names: dict[str, str] = {}
    for row in order:
        key = str(records[int(row)].image)
        names.setdefault(key, f"pictures/{len(names):04d}")
    shared = Counter(str(record.image) for record in records)

    def name(record: Record, row: int) -> str:
        key = str(record.image)
        return f"{names[key]}{Path(key).suffix}" + (f"#{row}" if shared[key] > 1 else "")

    kept = tuple(replace(record, id=name(record, row)) for row, record in enumerate(records))
    return replace(records, records=kept)


def with_columns(record: Record, **columns: Any) -> Record:
    """The record with further or changed readings."""
    return replace(record, readings={**record.readings, **columns})


def innocent(records: RecordSet, rng: Rng) -> list[Record]:
    """The records with random serial numbers, dates, groups and splits, none of which depends on the class."""
    serials = rng.permutation(len(records)) + 4000
    found = []
    for record, serial in zip(records, serials.tolist(), strict=True):
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(rng.integers(366)))
        changed = with_columns(record, serial=f"SN{serial}", date=day.date().isoformat())
        split = "train" if rng.random() < 5 / 7 else "test"
        found.append(replace(changed, group=f"lot {rng.integers(40)}", split=split))
    return found


def flip_labels(records: list[Record], rng: Rng) -> set[str]:
    """Give FLIPPED of the records another label; return their names."""
    classes = sorted({record.label or "" for record in records})
    rows = rng.permutation(len(records))[: round(FLIPPED * len(records))]
    for row in rows.tolist():
        others = [name for name in classes if name != records[row].label]
        records[row] = replace(records[row], label=str(rng.choice(others)))
    return {records[row].id for row in rows.tolist()}


def plant_copies(records: list[Record], rng: Rng, folder: Path) -> dict[str, list[frozenset[str]]]:
    """Add copies of some records; return the planted pairs by kind."""
    classes = sorted({record.label or "" for record in records})
    rows = rng.permutation(len(records))[: 2 * COPIES + TWO_LABELS].tolist()
    folder.mkdir(parents=True, exist_ok=True)
    planted: dict[str, list[frozenset[str]]] = {}
    for place, row in enumerate(rows):
        original = records[row]
        exact = place % 2 == 0
        name = f"pictures/{5000 + place:04d}.jpg"
        target = folder / f"{place}-{original.label}{Path(str(original.image)).suffix if exact else '.jpg'}"
        target.write_bytes(original.image_bytes() if exact else altered(original, rng))
        copy = replace(original, id=name, image=target)
        if place >= 2 * COPIES:
            others = [label for label in classes if label != original.label]
            copy, kind = replace(copy, label=str(rng.choice(others)), group="lot 90"), "two labels"
        elif place % 3 == 0:
            copy, kind = replace(copy, split="test" if original.split == "train" else "train", group=None), "split"
        elif place % 3 == 1:
            copy, kind = replace(copy, group="lot 91"), "group"
        else:
            copy, kind = replace(copy, group=None), "within a split"
        records.append(copy)
        how = "equal" if exact else "altered"
        planted.setdefault(f"{kind}, {how}", []).append(frozenset((original.id, name)))
    return planted


def altered(record: Record, rng: Rng) -> bytes:
    """The picture with 70 to 120% of its size, 85 to 110% of its brightness, as a JPEG file."""
    image, factor = record.load_image(), float(rng.uniform(0.7, 1.2))
    image = image.resize((round(factor * image.width), round(factor * image.height)), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    ImageEnhance.Brightness(image).enhance(float(rng.uniform(0.85, 1.1))).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def plant_contradictions(records: list[Record], rng: Rng) -> dict[str, set[str]]:
    """Change printed numbers of some records; return the names of the records by what was changed."""
    planted: dict[str, set[str]] = {}
    for place, row in enumerate(rng.permutation(len(records))[:CONTRADICTIONS].tolist()):
        values = {name: float(v) for name, v in records[row].readings.items() if not isinstance(v, str)}
        factor = float(rng.choice([0.55, 1.8]))
        kind, changes = (
            ("total", {"total": round(1.3 * values["total"])}),
            ("one sigma", {"sigma_x": factor * values["sigma_x"]}),
            ("both sigmas", {name: factor * values[name] for name in ("sigma_x", "sigma_y")}),
            ("mean", {"mean_x": values["mean_x"] + 0.8 * values["sigma_x"]}),
        )[place % 4]
        records[row] = with_columns(records[row], **changes)
        planted.setdefault(kind, set()).add(records[row].id)
    return planted


def plant_leaks(records: list[Record], rng: Rng) -> list[Record]:
    """Serial numbers with a prefix, dates, and file names that depend on the class in nine of ten records."""
    classes = sorted({record.label or "" for record in records})
    changed = []
    for place, record in enumerate(records):
        told = [
            classes.index(record.label or "") if rng.random() < 0.9 else int(rng.integers(len(classes)))
            for _ in range(3)
        ]
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(60 * told[1] + rng.integers(75)))
        columns = {"serial": f"{'ABCDE'[told[0]]}{7000 + place}", "date": day.date().isoformat()}
        head, _, tail = record.id.partition("/")
        changed.append(replace(with_columns(record, **columns), id=f"{head}/{'vwxyz'[told[2]]}{tail}"))
    return changed


def plant_sizes(records: Sequence[Record], folder: Path) -> list[Record]:
    """The records with pictures of one size per class."""
    folder.mkdir(parents=True, exist_ok=True)
    classes = sorted({record.label or "" for record in records})
    found = []
    for place, record in enumerate(records):
        image, width = record.load_image(), 600 + 8 * classes.index(record.label or "")
        image.resize((width, width), Image.Resampling.BILINEAR).save(folder / f"{place}.png")
        found.append(replace(record, image=folder / f"{place}.png"))
    return found


def labels_run(records: RecordSet, config: Config, rng: Rng) -> dict[str, Any]:
    """Flip labels and look for them."""
    some = list(records)
    flipped = flip_labels(some, rng)
    audit, seconds = timed(replace(records, records=tuple(some)), config)
    first = {record.id for record in audit.records[: int(np.ceil(FIRST * len(some)))]}
    reported = {finding.records[0] for finding in audit.of_kind("label-errors")}
    return {
        "flipped": len(flipped),
        "in_first_tenth": len(flipped & first),
        "reported": len(reported),
        "reported_rightly": len(flipped & reported),
        "expected_errors": round(audit.expected_errors, 1),
        "seconds": seconds,
    }


def planted_run(records: RecordSet, config: Config, rng: Rng, folder: Path) -> dict[str, Any]:
    """Plant copies, contradictions and leaks in one data set, and look for them."""
    some = plant_leaks(innocent(records, rng), rng)
    copies = plant_copies(some, rng, folder)
    copied = {name for pairs in copies.values() for pair in pairs for name in pair}
    free = [record for record in some if record.id not in copied]
    contradictions = plant_contradictions(free, rng)
    some = [*free, *(record for record in some if record.id in copied)]
    audit, seconds = timed(replace(records, records=tuple(some)), config)
    return {
        "duplicates": {kind: _tally(_pairs(audit), pairs) for kind, pairs in copies.items()},
        "contradictions": {
            kind: _tally(_named(audit, "contradictions"), names) for kind, names in contradictions.items()
        },
        "leaks": sorted(finding.subject for finding in audit.of_kind("leaks")),
        "falsely_accused": sorted(
            _accused(audit) - copied - {name for names in contradictions.values() for name in names}
        ),
        "batch_effects": sorted(finding.subject for finding in audit.of_kind("batch-effects")),
        "seconds": seconds,
    }


def sizes_run(records: RecordSet, config: Config, folder: Path) -> dict[str, Any]:
    """Give the pictures of each class a size of their own."""
    audit, seconds = timed(replace(records, records=tuple(plant_sizes(list(records), folder))), config)
    return {"leaks": sorted(finding.subject for finding in audit.of_kind("leaks")), "seconds": seconds}


def clean_run(records: RecordSet, config: Config) -> dict[str, Any]:
    """Audit data in which nothing is planted."""
    audit, seconds = timed(records, config)
    return {
        "records": len(records),
        "accused": len(_accused(audit)),
        "findings": {kind: len(audit.of_kind(kind)) for kind in KINDS},
        "words": [finding.words for kind in KINDS[1:-1] for finding in audit.of_kind(kind)],
        "expected_errors": round(audit.expected_errors, 1),
        "seconds": seconds,
    }


def timed(records: RecordSet, config: Config) -> tuple[Audit, float]:
    """An audit, and its duration in s."""
    start = time.perf_counter()
    audit = audit_records(records, config)
    return audit, round(time.perf_counter() - start, 1)


def _accused(audit: Audit) -> set[str]:
    """The records that are accused of anything but a doubtful label; a leak or a batch effect accuses all of them."""
    names = {name for kind in KINDS[1:] for finding in audit.of_kind(kind) for name in finding.records}
    whole = audit.of_kind("leaks") or audit.of_kind("batch-effects")
    return {record.id for record in audit.records} if whole and not _planted_leaks(audit) else names


def _planted_leaks(audit: Audit) -> bool:
    return {"serial", "date", "file name"} <= {finding.subject for finding in audit.of_kind("leaks")}


def _named(audit: Audit, kind: str) -> set[str]:
    return {name for finding in audit.of_kind(kind) for name in finding.records}


def _pairs(audit: Audit) -> set[frozenset[str]]:
    return {frozenset(f.records) for kind in ("duplicates", "two-labels") for f in audit.of_kind(kind)}


def _tally(found: Any, planted: Any) -> dict[str, int]:
    return {"planted": len(planted), "found": sum(one in found for one in planted)}


def public_set(data: Path, splits: str, seed: int, groups: Path | None) -> RecordSet:
    """The records of one seed of a prepared public data set, with neutral names and, if given, groups by picture."""
    table = pd.read_csv(data / f"splits-{splits}.csv", dtype=str)
    split_of = dict(table.loc[table["seed"] == str(seed), ["image", "split"]].itertuples(index=False))
    labels = pd.read_csv(groups, dtype=str) if groups else None
    group_of = {} if labels is None else dict(labels[["file", "near_dup_group"]].itertuples(index=False))
    records = open_records(data)
    kept = tuple(
        replace(record, split=split_of[record.id], group=group_of.get(record.id.partition("#")[0]))
        for record in records
        if record.id in split_of
    )
    return renamed(replace(records, records=kept), np.random.default_rng(seed))


def one_seed(folder: Path, seed: int, config: Config, planted: bool) -> dict[str, Any]:
    """The audits of simulated records of one seed; without `planted`, only that of flipped labels."""
    records, rng = simulated(folder, seed), np.random.default_rng([seed, 1])
    found = {"seed": seed, "labels": labels_run(records, config, rng)}
    if planted:
        found |= {
            "planted": planted_run(records, config, rng, folder / f"copies-{seed}"),
            "sizes": sizes_run(records, config, folder / f"sizes-{seed}"),
            "clean": clean_run(replace(records, records=tuple(innocent(records, rng))), config),
        }
    return found


def totals(runs: Sequence[dict[str, Any]], public: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The sums over the seeds, in percent where there is a target."""
    flipped = sum(run["labels"]["flipped"] for run in runs)
    of_labels, runs = runs, [run for run in runs if "planted" in run]
    pairs = [tally for run in runs for tally in run["planted"]["duplicates"].values()]
    numbers = [tally for run in runs for tally in run["planted"]["contradictions"].values()]
    leaks = [len({"serial", "date", "file name"} & set(run["planted"]["leaks"])) for run in runs]
    sizes = [int("picture" in run["sizes"]["leaks"]) for run in runs]
    clean = [run["clean"] for run in runs]
    return {
        "flipped_in_first_tenth": 100 * sum(run["labels"]["in_first_tenth"] for run in of_labels) / flipped,
        "duplicates": [sum(t["found"] for t in pairs), sum(t["planted"] for t in pairs)],
        "contradictions": [sum(t["found"] for t in numbers), sum(t["planted"] for t in numbers)],
        "leaks": [sum(leaks) + sum(sizes), 4 * len(runs)],
        "accused_of_clean": {
            name: 100 * sum(run["accused"] for run in some) / max(sum(run["records"] for run in some), 1)
            for name, some in {
                "simulated": clean,
                **{name: [run for run in public if run["data"] == name] for name in {run["data"] for run in public}},
            }.items()
        },
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    total = result["totals"]
    lines = [
        "# The audit of a data set",
        "",
        "Faults are planted in 325 simulated records with the true readings as columns; see `benchmarks/audit.py`.",
        f"Seeds with flipped labels: {_seeds(result['runs'])}; with all other faults: "
        f"{_seeds([run for run in result['runs'] if 'planted' in run])}.",
        "",
        "| what | result | target |",
        "|---|---|---|",
        f"| flipped labels (5%) among the first 10% | {total['flipped_in_first_tenth']:.1f}% | at least 70% |",
        *(
            f"| {name} found | {total[name][0]} of {total[name][1]} | all |"
            for name in ("duplicates", "contradictions", "leaks")
        ),
        *(
            f"| rows accused of more than a doubtful label, {name} | {share:.2f}% | at most 2% |"
            for name, share in sorted(total["accused_of_clean"].items())
        ),
        "",
        "| seed | flipped | among first 10% | reported | of these flipped | expected errors | s |",
        "|---|---|---|---|---|---|---|",
    ]
    names = ("flipped", "in_first_tenth", "reported", "reported_rightly", "expected_errors", "seconds")
    lines += [
        f"| {run['seed']} | " + " | ".join(str(run["labels"][name]) for name in names) + " |" for run in result["runs"]
    ]
    lines += ["", "| clean data | seed | records | accused | doubtful labels | s |", "|---|---|---|---|---|---|"]
    clean = [{"data": "simulated", "seed": run["seed"], **run["clean"]} for run in result["runs"] if "clean" in run]
    clean += result["public"]
    lines += [
        f"| {run['data']} | {run['seed']} | {run['records']} | {run['accused']} | {run['findings']['label-errors']} | "
        f"{run['seconds']} |"
        for run in clean
    ]
    lines += ["", environment_line(result["machine"]), ""]
    return "\n".join(lines)


def _seeds(runs: Sequence[dict[str, Any]]) -> str:
    return ", ".join(str(run["seed"]) for run in runs)


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="*", default=[200, 201, 202, 203, 204])
    parser.add_argument(
        "--planted", type=int, default=5, help="number of seeds with all faults, not only flipped labels"
    )
    parser.add_argument("--public-seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--wafers", type=Path, help="output of benchmarks/wm811k.py")
    parser.add_argument("--photographs", type=Path, help="output of benchmarks/sdls_vad.py")
    parser.add_argument("--photograph-groups", type=Path, help="labels.csv of the photographs")
    parser.add_argument("--folder", type=Path, help="keeps the simulated records")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--name", default="audit", help="name of the files in benchmarks/results")
    args = parser.parse_args()
    config = load_config(None, tuple(args.settings))
    runs, public = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for place, seed in enumerate(args.seeds):
            runs.append(one_seed(args.folder or Path(scratch), seed, config, place < args.planted))
            print(json.dumps(runs[-1]), flush=True)
        for name, data, splits, groups in (
            ("wafer maps", args.wafers, "ase_sizes_none_normal", None),
            ("photographs", args.photographs, "few455_balanced", args.photograph_groups),
        ):
            for seed in args.public_seeds if data else ():
                found = clean_run(public_set(data, splits, seed, groups), config)
                public.append({"data": name, "seed": seed, **found})
                print(json.dumps(public[-1]), flush=True)
    result = {
        "settings": args.settings,
        "targets": TARGETS,
        "totals": totals(runs, public),
        "runs": runs,
        "public": public,
        "machine": environment(),
    }
    write_result(args.name, result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
