"""Measures the whole pipeline on simulated records, from pictures to scores, over several seeds.

Every seed simulates its own data set (325 training and 130 test records) and trains on it with the default
configuration. The only inputs are the pictures. Test records are used for the scores only.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from processes import peak_mb
from result_files import write_result

from triptych.evaluation.environment import environment, environment_line
from triptych.evaluation.intervals import mean_interval

TARGETS = {"macro_f1": 80.0, "binary_macro_f1": 94.0}


def run(seed: int, records: int, settings: tuple[str, ...]) -> dict[str, Any]:
    """Simulate, train and score with one seed; scores in percent, times in seconds."""
    from triptych import DefectClassifier, load_config, open_records
    from triptych.evaluation.evaluate import evaluate
    from triptych.simulate import simulate_dataset

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        simulate_dataset(data, records=records, seed=seed)
        splits = open_records(data)
        config = load_config(None, (*settings, f"seed={seed}"))
        start = time.perf_counter()
        classifier = DefectClassifier(config, progress=True).fit(splits.split("train"))
        trained = time.perf_counter()
        result = evaluate(classifier, splits.split("test"))
    scores = result.scores
    accepted = [item for item in result.assessments if item.decision.verdict == "accept"]
    assert scores.binary is not None
    return {
        "seed": seed,
        "macro_f1": scores.macro_f1,
        "binary_macro_f1": scores.binary.macro_f1,
        "f1": dict(scores.f1),
        "accepted": 100 * len(accepted) / scores.n,
        "accepted_right": 100 * np.mean([item.decision.label == item.record.label for item in accepted]),
        "seconds_fit": trained - start,
        "seconds_test": time.perf_counter() - trained,
        "seconds": classifier.model_.metrics["seconds"],
    }


def as_markdown(result: dict[str, Any]) -> str:
    """The result as a Markdown page."""
    runs = result["runs"]
    settings = " ".join(result["settings"]) or "the defaults"
    lines = [
        "# The whole pipeline on simulated records",
        "",
        f"{result['records']} records per seed, 5 in 7 of them for training; readings by OCR from the pictures; "
        f"settings: {settings}. Scores in percent; the last row is the mean over the seeds ± 95% interval of the mean.",
        "",
        "| seed | macro-F1, five classes | normal or defective | accepted | right among accepted | fit, s | test, s |",
        "|---|---|---|---|---|---|---|",
    ]
    names = ("macro_f1", "binary_macro_f1", "accepted", "accepted_right", "seconds_fit", "seconds_test")
    lines += [f"| {run['seed']} | " + " | ".join(f"{run[name]:.1f}" for name in names) + " |" for run in runs]
    lines.append("| mean | " + " | ".join(str(mean_interval([run[name] for run in runs])) for name in names) + " |")
    lines += ["", f"Peak memory {result['peak_mb']:.0f} MB. {environment_line(result['machine'])}", ""]
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--records", type=int, default=455)
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--name", default="simulated", help="name of the files in benchmarks/results")
    args = parser.parse_args()
    runs = []
    for seed in args.seeds:
        runs.append(run(seed, args.records, tuple(args.settings)))
        print(json.dumps(runs[-1]), flush=True)
    result = {
        "records": args.records,
        "settings": args.settings,
        "targets": TARGETS,
        "runs": runs,
        "peak_mb": peak_mb(),
        "machine": environment(),
    }
    write_result(args.name, result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
