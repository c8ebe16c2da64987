import math

import pytest

from triptych.reading.printed_names import RING, Label, parse_label


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Mean X", "mean_x"),
        ("X avg:", "mean_x"),
        ("AVG-Y [mil]", "mean_y"),
        ("Xbar(mm)", "mean_x"),
        ("μy", "mean_y"),
        ("x\u0304", "mean_x"),
        ("ȳ", "mean_y"),
        ("Sigma X", "sigma_x"),
        ("σ_y [mm]", "sigma_y"),
        ("S.D. X(mm)", "sigma_x"),
        ("Standard deviation y", "sigma_y"),
        ("Y std", "sigma_y"),
        ("Var X", "sigma_x"),
        ("σ²x", "sigma_x"),
        ("oy", "sigma_y"),  # how OCR reads a printed σy
        ("N", "total"),
        ("Holes", "total"),
        ("Total holes", "total"),
        ("No. of holes", "total"),
        ("Count:", "total"),
    ],
)
def test_known_names_in_any_order_and_notation(text, field):
    label = parse_label(text)
    assert label is not None
    assert label.field == field


@pytest.mark.parametrize("text", ["Mean X error", "Hole no", "Max X", "Machine", "Depth", "Mean of means of it"])
def test_a_name_counts_only_when_every_word_is_understood(text):
    label = parse_label(text)
    assert label is None or label.field is None


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("0-2", (0, 2)),
        ("O-2 um", (0, 2)),
        ("2~4 um", (2, 4)),
        ("8..10", (8, 10)),
        ("[2, 4)", (2, 4)),
        ("2≤R<4", (2, 4)),
        ("R<4", (0, 4)),
        ("R <= 12.0 um", (0, 12)),
        ("≤ 4 μm", (0, 4)),
        (">20", (20, math.inf)),
        ("20 um over", (20, math.inf)),
        ("20+", (20, math.inf)),
        ("0.002-0.004 mm", (2, 4)),
        ("0.08-0.16 mil", (2, 4)),
    ],
)
def test_rings_as_intervals_or_within_or_beyond_a_radius_in_any_unit(text, bounds):
    label = parse_label(text)
    assert label is not None
    assert label.ring is not None
    assert label.field == RING
    assert label.ring.bounds(label.unit or 1.0) == bounds


@pytest.mark.parametrize("text", ["4-2", "2024-05-01", "0-2 270"])
def test_names_that_only_resemble_a_ring_are_not_rings(text):
    label = parse_label(text)
    assert label is None or label.ring is None


def test_units_in_names_are_understood():
    for text, unit in (("Mean X (um)", 1), ("SD-Y [mil]", 25.4), ("Radius [mm]", 1000), ("Avg. X, um", 1)):
        label = parse_label(text)
        assert label is not None
        assert label.unit == unit


def test_several_sigmas_are_noted():
    label = parse_label("3σ x")
    assert label is not None
    assert (label.field, label.multiple) == ("sigma_x", 3)


def test_a_row_and_a_column_give_half_of_the_name_each():
    row, column = parse_label("Mean"), parse_label("Y (mm)")
    assert row is not None
    assert column is not None
    assert row.field is None
    merged = row.merge(column)
    assert (merged.field, merged.unit) == ("mean_y", 1000)


def test_a_complete_name_takes_only_the_unit_of_its_column():
    assert Label("mean", "x").merge(Label("sigma", "y", unit=25.4)) == Label("mean", "x", unit=25.4)


@pytest.mark.parametrize("text", ["Range X", "Y Max", "X Cpk"])
def test_a_further_statistic_of_an_axis_is_not_its_mean(text):
    assert parse_label(text) is None
