"""Pictures of records that were once read wrongly: other notations, layouts and fields."""

import csv
import json
from pathlib import Path

import pytest
from PIL import Image

from triptych.reading import Reader

CASES = Path(__file__).parent / "cases"
TRUTH = json.loads((CASES / "reading" / "truth.json").read_text())
INCH = 0.006  # um; 0.000062" is printed for 1.5748 um
CAPABILITY = {"Mean": 104.5447, "StDev": 0.794, "LSL": 103, "USL": 110, "Cp": 1.47, "Cpk": 0.65}
FURTHER = {
    "capability_Sample_N": {"Sample N": 100} | CAPABILITY,
    "capability_with_N": {"total": 100} | CAPABILITY,
    "extra_row_id": {"ID": 4711, "total": 487},
    "extra_row_so": {"SO": 88231, "total": 487},
    "same_name_twice": {"Cpk": 1.67, "Cpk (2)": 0.98, "total": 487},
    "spindle20_7": {"Spindle": 7, "Tool": 0, "total": 487},
    "spindle_4": {"Spindle": 4, "Tool": 7, "Operator": "K", "total": 487},
}


def _open(name: str) -> Image.Image:
    return Image.open(CASES / "reading" / f"{name}.png")


@pytest.mark.parametrize("name", TRUTH)
def test_every_notation_is_read(engine, name):
    reading = Reader(engine).read(_open(name))
    for field, value in TRUTH[name].items():
        if value is None:  # "--" or "NaN" is printed
            assert field not in reading.values
            assert any(problem.startswith(field) for problem in reading.problems)
        else:
            assert reading.values[field] == pytest.approx(value, abs=INCH if name == "b09_unit_inch" else 1e-6)
    assert reading.ok == (None not in TRUTH[name].values())


@pytest.mark.parametrize("name", FURTHER)
def test_every_printed_row_is_a_field(engine, name):
    reading = Reader(engine).read(_open(name))
    assert reading.ok
    assert {field: reading.values.get(field) for field in FURTHER[name]} == FURTHER[name]
    if name.startswith("capability"):
        assert set(reading.values) == set(FURTHER[name])


@pytest.mark.parametrize("layout", ["cjk", "comma", "mpl_box", "percents"])
def test_layouts_of_other_report_makers_are_read(engine, layout):
    reader = Reader(engine)
    with (CASES / "layouts" / layout / "truth.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            reading = reader.read(Image.open(CASES / "layouts" / layout / row["image"]))
            assert reading.ok
            printed = {name: float(value) for name, value in row.items() if name not in ("image", "label")}
            assert {name: reading.values.get(name) for name in printed} == printed
