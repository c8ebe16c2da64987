"""Measures the accuracy of reading records from their pictures, by comparison with the values that were printed.

The fields are the total, the four moments and every ring. A field is right if it equals the printed value. The most
serious errors are wrong fields in a reading without problems. Records are read one after another by a single reader
that starts without layouts, as in a user's first run. OCR results are not cached.
"""

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from processes import peak_mb
from result_files import write_result

from triptych.evaluation.environment import environment, environment_line

TARGETS = {"fields_right": 99.8, "seconds_per_record": 0.3}


class CountingEngine:
    """The built-in OCR engine, with counters of its calls."""

    def __init__(self) -> None:
        from triptych.reading.ocr import RapidOCREngine

        self.engine = RapidOCREngine()
        self.id = self.engine.id
        self.pages = self.calls = self.crops = 0

    def detect(self, image: Any) -> Any:
        """Detect and read the words of a page."""
        self.pages += 1
        return self.engine.detect(image)

    def recognise(self, crops: Sequence[Any]) -> Any:
        """Read the texts of crops."""
        self.calls += 1
        self.crops += len(crops)
        return self.engine.recognise(crops)


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


def measure(records: int, seed: int) -> dict[str, Any]:
    """Simulate records, read them, and compare the readings with the printed values."""
    from triptych.reading import Reader
    from triptych.simulate import simulate_dataset

    engine = CountingEngine()
    reader = Reader(engine)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "data"
        simulate_dataset(out, records=records, seed=seed)
        with (out / "truth.csv").open(newline="", encoding="utf-8") as file:
            truths = list(csv.DictReader(file))
        engine.recognise([np.full((32, 64, 3), 255, dtype=np.uint8)])  # loads the models before the timing
        engine.calls = engine.crops = 0
        for truth in truths:
            start, pages = time.perf_counter(), engine.pages
            with Image.open(out / truth["image"]) as image:
                reading = reader.read(image)
            seconds = time.perf_counter() - start
            rows.append(
                {
                    "image": truth["image"],
                    "layout": truth["layout"],
                    "fields": sum(map(is_field, truth)),
                    "wrong": wrong_fields(reading.values, truth),
                    "ok": reading.ok,
                    "problems": reading.problems,
                    "seconds": seconds,
                    "searched": engine.pages > pages,
                }
            )
    return (
        summarise(rows)
        | {"records": records, "seed": seed, "layouts": len(reader.layouts)}
        | {
            "pages_searched": engine.pages,
            "recognition_calls": engine.calls,
            "crops": engine.crops,
        }
    )


def summarise(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary of all records; shares in percent, times in seconds."""
    known = [row["seconds"] for row in rows if not row["searched"]]
    layouts = sorted({row["layout"] for row in rows})
    return {
        "fields": sum(row["fields"] for row in rows),
        "fields_wrong": sum(len(row["wrong"]) for row in rows),
        "fields_right": share_right(rows),
        "fields_right_by_layout": {name: share_right([r for r in rows if r["layout"] == name]) for name in layouts},
        "records_right": 100 * float(np.mean([not row["wrong"] for row in rows])),
        "records_with_problems": 100 * float(np.mean([bool(row["problems"]) for row in rows])),
        "wrong_but_ok": sum(len(row["wrong"]) for row in rows if row["ok"]),
        "wrong_but_unflagged": sum(len(row["wrong"]) for row in rows if not row["problems"]),
        "seconds_per_record": float(np.mean([row["seconds"] for row in rows])),
        "seconds_known_layout": float(np.mean(known)) if known else None,
        "seconds_known_layout_p95": float(np.percentile(known, 95)) if known else None,
        "noteworthy": [dict(row) for row in rows if row["wrong"] or row["problems"] or row["searched"]],
    }


def share_right(rows: Sequence[Mapping[str, Any]]) -> float:
    """The share of right fields, in percent."""
    return 100 * (1 - sum(len(row["wrong"]) for row in rows) / sum(row["fields"] for row in rows))


def as_markdown(result: Mapping[str, Any]) -> str:
    """The result as a Markdown page."""
    lines = [
        "# Reading simulated records",
        "",
        f"{result['records']} records per seed, read by one reader that starts without layouts and without cached "
        "OCR results.",
        "",
        "| seed | fields | wrong | right, % | records right, % | flagged, % | wrong but not flagged | s per record | "
        "s, known layout | pages searched | layouts |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {run['seed']} | {run['fields']} | {run['fields_wrong']} | {run['fields_right']:.3f} "
        f"| {run['records_right']:.2f} | {run['records_with_problems']:.2f} | {run['wrong_but_unflagged']} "
        f"| {run['seconds_per_record']:.3f} | {run['seconds_known_layout']:.3f} "
        f"| {run['pages_searched']} | {run['layouts']} |"
        for run in result["runs"]
    ]
    lines += ["", "Right fields by layout, %:", ""]
    for run in result["runs"]:
        by_layout = ", ".join(f"{name} {share:.3f}" for name, share in run["fields_right_by_layout"].items())
        lines.append(f"- seed {run['seed']}: {by_layout}")
    lines += ["", f"Peak memory {result['peak_mb']:.0f} MB. {environment_line(result['machine'])}", ""]
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark, print the result and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[7001])
    parser.add_argument("--records", type=int, default=455)
    args = parser.parse_args()
    runs = []
    for seed in args.seeds:
        runs.append(measure(args.records, seed))
        print(json.dumps({name: value for name, value in runs[-1].items() if name != "noteworthy"}), flush=True)
        for row in runs[-1]["noteworthy"]:
            print(f"  {row['image']} ({row['layout']}): {row['wrong']} {row['problems']}", flush=True)
    result = {
        "records": args.records,
        "targets": TARGETS,
        "runs": runs,
        "peak_mb": peak_mb(),
        "machine": environment(),
    }
    write_result("reading", result, as_markdown(result))
    print(as_markdown(result))


if __name__ == "__main__":
    main()
