from pathlib import Path

from PIL import Image

from triptych.reading import Reader

CASES = Path(__file__).parent / "cases"


def read(engine, name):
    return {field.name: field for field in Reader(engine).read(Image.open(CASES / name)).fields}


def test_every_value_says_what_confirms_it(engine):
    fields = read(engine, "reading/b00_base.png")
    assert {field.certainty for field in fields.values()} == {"checked"}
    assert "follows from the other counts" in fields["total"].checks
    assert "two readings agree" in fields["sigma_x"].checks


def test_a_value_that_is_not_legible_is_doubtful(engine):
    fields = read(engine, "reading/b14_dashes.png")
    assert fields["mean_y"].certainty == "doubtful"
    assert fields["mean_y"].value is None
    assert fields["mean_x"].certainty == "checked"


def test_a_check_that_could_not_run_is_named(engine):
    checks = read(engine, "reading/b21_minus_apart_no_plot.png")["mean_x"].checks
    assert "not compared with a plot: none was found" in checks


def test_a_field_has_its_printed_name_unit_and_place(engine):
    sigma = read(engine, "reading/b09_unit_inch.png")["sigma_x"]
    assert sigma.unit == 25_400
    assert sigma.text.startswith("0.0")
    assert sigma.box.x0 >= sigma.label_box.x1
