"""Measures how simulated records are read from their pictures: accuracy, silent errors, false alarms, time and memory.

The fields are the total, the four moments and every ring. A field is right if it equals the printed value. A wrong
field is silent if the reading has no problem. A false alarm is a problem of a record whose fields are all right.
Records are read one after another by one reader that starts without layouts, as in a user's first run, on one core. OCR
results are not cached.

    python benchmarks/reading.py --seeds 7101 7102 7103 --repeats 10000
"""

import argparse
import csv
import json
import os
import resource
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from processes import in_new_process, peak_mb
from result_files import write_result
from scipy.stats import beta

from triptych.evaluation.environment import environment, environment_line

TARGETS = {"silent_errors": 0, "seconds_known_layout": 0.05, "seconds_new_layout": 0.7}
LATER = 0.5  # share of a run's records after which its layouts are well known
NEW_LAYOUTS = 25  # records that are read as if their layout were new
STEPS = 10  # measurements of memory over `--repeats` records


def is_field(name: str) -> bool:
    """Whether a column of truth.csv is one of the compared fields."""
    from triptych.records.fields import MOMENTS, TOTAL, ring_bounds

    return name in (TOTAL, *MOMENTS) or ring_bounds(name) is not None


def wrong_fields(values: Mapping[str, float | str], truth: Mapping[str, str]) -> list[dict[str, str]]:
    """The fields that differ from the printed value by more than 1e-5 um."""
    wrong = []
    for name, printed in truth.items():
        read = values.get(name)
        if is_field(name) and not (isinstance(read, float) and abs(read - float(printed)) < 1e-5):
            wrong.append({"field": name, "printed": printed, "read": str(read)})
    return wrong


def simulated(folder: Path, records: int, seed: int) -> list[dict[str, str]]:
    """The rows of truth.csv of newly simulated records in `folder`."""
    from triptych.simulate import simulate_dataset

    simulate_dataset(folder, records=records, seed=seed)
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def measure(records: int, seed: int) -> dict[str, Any]:
    """Simulate records, read them, and compare the readings with the printed values."""
    from triptych.reading import Reader
    from triptych.reading.ocr import RapidOCREngine

    reader = Reader(engine := RapidOCREngine())
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "data"
        truths = simulated(out, records, seed)
        engine.recognise([np.full((32, 64, 3), 255, dtype=np.uint8)])  # loads the models before the timing
        for truth in truths:
            start, known = time.perf_counter(), len(reader.layouts)
            with Image.open(out / truth["image"]) as image:
                reading = reader.read(image)
            rows.append(
                {
                    "image": truth["image"],
                    "layout": truth["layout"],
                    "fields": sum(map(is_field, truth)),
                    "certainty": [field.certainty for field in reading.fields],
                    "wrong": wrong_fields(reading.values, truth),
                    "problems": reading.problems,
                    "seconds": time.perf_counter() - start,
                    "new": len(reader.layouts) > known,
                }
            )
        first = Reader(engine, learn=False)
        new = [_seconds(first, out / truth["image"]) for truth in truths[:NEW_LAYOUTS]]
    return summarise(rows) | {
        "records": records,
        "seed": seed,
        "layouts": len(reader.layouts),
        "seconds_new_layout": float(np.mean(new)),
    }


def _seconds(reader: Any, path: Path) -> float:
    start = time.perf_counter()
    with Image.open(path) as image:
        reader.read(image)
    return time.perf_counter() - start


def summarise(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary of all records; shares in percent, times in seconds."""
    later = [row["seconds"] for row in rows[int(LATER * len(rows)) :]]
    certainty = [one for row in rows for one in row["certainty"]]
    return {
        "fields": sum(row["fields"] for row in rows),
        "fields_wrong": sum(len(row["wrong"]) for row in rows),
        "fields_silently_wrong": sum(len(row["wrong"]) for row in rows if not row["problems"]),
        "false_alarms": sum(bool(row["problems"]) and not row["wrong"] for row in rows),
        "certainty": {one: certainty.count(one) for one in ("checked", "read", "doubtful")},
        "seconds_per_record": float(np.mean([row["seconds"] for row in rows])),
        "seconds_known_layout": float(np.mean(later)),
        "seconds_known_layout_median": float(np.median(later)),
        "seconds_known_layout_by_layout": {
            name: float(np.mean([row["seconds"] for row in rows[int(LATER * len(rows)) :] if row["layout"] == name]))
            for name in sorted({row["layout"] for row in rows})
        },
        "noteworthy": [dict(row) for row in rows if row["wrong"] or row["problems"]],
    }


def at_most(errors: int, fields: int) -> float:
    """The upper end of the exact one-sided 95% interval of the share of errors (Clopper and Pearson, 1934)."""
    return float(beta.ppf(0.95, errors + 1, fields - errors))


def memory(records: int, seed: int, repeats: int) -> list[dict[str, float]]:
    """Resident memory in MiB while the same records are read again and again, `repeats` in total."""
    from triptych.reading import Reader
    from triptych.reading.ocr import RapidOCREngine

    reader, course = Reader(RapidOCREngine()), []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "data"
        paths = [out / truth["image"] for truth in simulated(out, records, seed)]
        for count in range(1, repeats + 1):
            with Image.open(paths[count % len(paths)]) as image:
                reader.read(image)
            if count % max(1, repeats // STEPS) == 0:
                pages = int(Path("/proc/self/statm").read_text().split()[1])
                course.append({"records": count, "mb": pages * resource.getpagesize() / 2**20})
    return course


def as_markdown(result: Mapping[str, Any]) -> str:
    """The result as a Markdown page."""
    runs = result["runs"]
    fields, silent = sum(run["fields"] for run in runs), sum(run["fields_silently_wrong"] for run in runs)
    alarms = sum(run["false_alarms"] for run in runs)
    lines = [
        "# Reading simulated records",
        "",
        f"{result['records']} records per seed, read by one reader that starts without layouts and without cached "
        f"OCR results, on {result['cores']} core(s). Known layout: the mean of the last half of the records.",
        "",
        "| seed | fields | wrong | silently wrong | false alarms | checked, read, doubtful | s, new layout | "
        "s, known layout | median | layouts |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {run['seed']} | {run['fields']} | {run['fields_wrong']} | {run['fields_silently_wrong']} "
        f"| {run['false_alarms']} | {', '.join(map(str, run['certainty'].values()))} "
        f"| {run['seconds_new_layout']:.3f} | {run['seconds_known_layout']:.3f} "
        f"| {run['seconds_known_layout_median']:.3f} | {run['layouts']} |"
        for run in runs
    ]
    lines += [
        "",
        f"Silently wrong: {silent} of {fields} fields; with 95% confidence at most "
        f"{1e4 * at_most(silent, fields):.1f} in 10,000. False alarms: {1e3 * alarms / fields:.2f} per 1,000 fields.",
        "",
        "Seconds in a known layout, by layout:",
        "",
    ]
    for run in runs:
        by_layout = ", ".join(
            f"{name} {seconds:.3f}" for name, seconds in run["seconds_known_layout_by_layout"].items()
        )
        lines.append(f"- seed {run['seed']}: {by_layout}")
    if result["memory"]:
        course = ", ".join(f"{step['mb']:.0f} after {step['records']}" for step in result["memory"])
        lines += ["", f"Memory in MiB while records are read: {course}."]
    lines += ["", f"Peak memory {result['peak_mb']:.0f} MB. {environment_line(result['machine'])}", ""]
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[7101])
    parser.add_argument("--records", type=int, default=455)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=0, help="records over which memory is watched; 0: not at all")
    args = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.cores])
    runs = []
    for seed in args.seeds:
        runs.append(measure(args.records, seed))
        print(json.dumps({name: value for name, value in runs[-1].items() if name != "noteworthy"}), flush=True)
        for row in runs[-1]["noteworthy"]:
            print(f"  {row['image']} ({row['layout']}): {row['wrong']} {row['problems']}", flush=True)
    result = {
        "records": args.records,
        "cores": args.cores,
        "targets": TARGETS,
        "runs": runs,
        "memory": in_new_process(memory, args.records, args.seeds[0], args.repeats) if args.repeats else [],
        "peak_mb": peak_mb(),
        "machine": environment(),
    }
    write_result("reading", result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
