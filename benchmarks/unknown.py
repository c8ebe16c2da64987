"""How well records of unknown classes and foreign pictures are told from records like the training records.

    python benchmarks/unknown.py --wafers DATA --photographs PHOTOGRAPHS

One class at a time is left out of the training records. The score is the p-value of `triptych.decision.novelty`; the
test records of the class that was left out should have lower ones than those of the known classes. Besides, foreign
pictures are given to a model of all classes: records whose plot is empty, photographs, and records of another data set.
Simulated records come with their true readings, which saves OCR. No expert is trained: novelty does not depend on them.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from promises import with_truth
from result_files import RESULTS, write_result

from triptych.config import Config, load_config
from triptych.evaluation.environment import commit, environment, environment_line
from triptych.evaluation.intervals import mean_interval
from triptych.evaluation.protocol import Split, given_splits, simulated_splits
from triptych.features.vector import Features
from triptych.model.reference import Reference
from triptych.network.compute import threads_for
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import bar
from triptych.records import Record, RecordSet, open_records
from triptych.training.training_data import collect

OVERKILL = 0.05  # share of known records that may go to review in the column "found"
SETTINGS = ("experts=[readings,frozen]", "answers.vlm=none", "answers.llm=none")
FOREIGN = 150  # most foreign records of a kind
Floats = NDArray[np.float64]


def measure(split: Split, foreign: dict[str, Sequence[Record]], config: Config) -> dict[str, Any]:
    """The areas under the curve of one seed: for each class left out, and for each kind of foreign records."""
    with threads_for(config):
        data = collect(split.train, config, bar)
        with Preparer(config, data.classes, data.state) as preparer:
            test = [item for item in preparer.prepare(bar(split.test, "Read test")) if isinstance(item, Prepared)]
            strangers = {
                name: [item for item in preparer.prepare(iter(some)) if isinstance(item, Prepared)]
                for name, some in foreign.items()
            }
        labels = np.array([item.record.label for item in test])
        left_out = {}
        for name in data.classes:
            known = [item for item in data.prepared if item.record.label != name]
            found = p_values_of(known, [c for c in data.classes if c != name], config, test)
            left_out[name] = compared(found[labels != name], found[labels == name])
        everything = {"test": test, **strangers}
        found_by = {n: p_values_of(data.prepared, data.classes, config, some) for n, some in everything.items() if some}
        likes = found_by.pop("test")
        return {
            "left_out": left_out,
            "foreign": {name: compared(likes, found) for name, found in found_by.items()},
            "to_review": 100 * float((likes <= config.decision.novelty_share).mean()),
        }


def p_values_of(known: list[Prepared], classes: list[str], config: Config, new: list[Prepared]) -> Floats:
    """The p-values [m] of `new` records, compared with `known` ones."""
    inputs = stack_inputs(known, Features([]), classes, labelled=True)
    reference = Reference.of(known, inputs, trained_encoder=False, classes=len(classes))
    novelty = reference.with_distances(config.decision.novelty_records, config.seed).novelty()
    assert novelty is not None
    views = reference.views_of(new, stack_inputs(new, Features([]), classes, labelled=False))
    return np.array([found.p_value for found in novelty.compare(views)])


def compared(known: Floats, unknown: Floats) -> dict[str, float]:
    """The area under the curve, and the share of the unknown that is found if OVERKILL of the known go to review."""
    from sklearn.metrics import roc_auc_score

    truth = np.concatenate([np.zeros(len(known)), np.ones(len(unknown))])
    area = roc_auc_score(truth, -np.concatenate([known, unknown]))
    return {"auroc": float(area), "found": 100 * float((unknown <= np.quantile(known, OVERKILL)).mean())}


def blank(records: RecordSet) -> list[Record]:
    """Records whose plot is empty: its dots are painted over, and its numbers stay those of a record without dots."""
    found = []
    for record in list(records)[:40]:
        image = np.asarray(record.load_image().convert("RGB")).copy()
        saturation = image.max(axis=2).astype(int) - image.min(axis=2)
        image[saturation > 40] = np.median(image.reshape(-1, 3), axis=0)
        found.append(replace(record, id=f"blank {record.id}", image=Image.fromarray(image), readings={}))
    return found


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Records unlike the training records",
        "",
        "Area under the ROC curve of the p-value, mean ± 95% interval over the seeds, and the share of the unknown "
        f"records that is found if {100 * OVERKILL:g}% of the known test records go to review.",
    ]
    for name, runs in result["sets"].items():
        review = mean_interval([run["to_review"] for run in runs])
        lines += ["", f"## {name}", "", f"{len(runs)} seeds. Of test records of known classes, {review}% go to review."]
        for kind, title in (("left_out", "class left out"), ("foreign", "foreign records")):
            names = list(runs[0][kind])
            if names:
                lines += ["", f"| {title} | AUROC | found, % |", "|---|---|---|"]
                lines += [_row(one, [run[kind][one] for run in runs]) for one in names]
                lines.append(_mean_row(runs, kind)) if kind == "left_out" else None
    return "\n".join([*lines, "", environment_line(result["machine"]), ""])


def _row(name: str, runs: list[dict[str, float]]) -> str:
    area, found = (mean_interval([run[key] for run in runs]) for key in ("auroc", "found"))
    return f"| {name} | {area.mean:.3f} ± {area.half:.3f} | {found} |"


def _mean_row(runs: list[dict[str, Any]], kind: str) -> str:
    means = [
        {key: float(np.mean([one[key] for one in run[kind].values()])) for key in ("auroc", "found")} for run in runs
    ]
    return _row("mean", means)


def main() -> None:
    """Run the benchmark and write its page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("unknown-data"), help="for simulated records")
    parser.add_argument("--wafers", type=Path, help="records of benchmarks/wm811k.py")
    parser.add_argument("--splits", type=Path, help="the table of their splits")
    parser.add_argument("--photographs", type=Path, help="records of benchmarks/sdls_vad.py, as foreign pictures")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--test", type=int, default=1_000, help="number of simulated test records")
    args = parser.parse_args()
    config = load_config(None, SETTINGS)
    splits = with_truth(simulated_splits(args.folder, 325, args.test, bar), args.folder)
    photographs = list(open_records(args.photographs))[:FOREIGN] if args.photographs else []
    photographs = [replace(record, readings={}, label=None) for record in photographs]
    wafers = list(open_records(args.wafers))[:FOREIGN] if args.wafers else []
    sets: dict[str, list[dict[str, Any]]] = {"Simulated": []}
    for seed in args.seeds:
        split = splits(seed)
        foreign = {"blank": blank(split.test), "photographs": photographs}
        foreign["wafer maps"] = [replace(record, readings={}, label=None) for record in wafers]
        sets["Simulated"].append(measure(split, {n: s for n, s in foreign.items() if s}, config))
        print(seed, sets["Simulated"][-1], flush=True)
    if args.wafers:
        own = given_splits(args.wafers, args.splits)
        sets["Wafer maps"] = []
        for seed in range(5):
            sets["Wafer maps"].append(measure(own(seed), {"photographs": photographs} if photographs else {}, config))
            print(seed, sets["Wafer maps"][-1], flush=True)
    result = {"sets": sets, "seeds": args.seeds, "commit": commit(), "machine": environment()}
    write_result("unknown", result, as_markdown(result))
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
