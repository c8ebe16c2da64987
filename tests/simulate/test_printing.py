"""The printed values of a sheet, and its true readings."""

from dataclasses import replace

import numpy as np
import pytest

from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, point_readings
from triptych.simulate.classes import draw_points
from triptych.simulate.layout_spec import RING_EDGES
from triptych.simulate.layouts import CONSOLE, LAYOUTS, LEDGER, PANEL, STRIP
from triptych.simulate.printing import moment_word, printed_words, true_readings

# Five holes: radii 0, 3, 5, 5 and 25 um.
POINTS = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0], [-3.0, -4.0], [15.0, -20.0]])


def test_interval_rings_print_the_holes_of_each_ring():
    words = printed_words(POINTS, LEDGER)
    assert words["total"] == "5"
    rings = [word for name, word in words.items() if name.startswith("ring_")]
    assert rings == ["1", "1", "2", "0", "0", "0", "0", "0", "1"]


def test_cumulative_rings_print_the_holes_within_each_radius():
    words = printed_words(POINTS, PANEL)
    assert words["ring_0_2"] == "1"
    assert words["ring_4_6"] == "4"
    assert words["ring_15_20"] == "4"  # one hole lies further out: the open ring follows from the total


@pytest.mark.parametrize(
    ("layout", "um", "word"),
    [
        (LEDGER, 1.436, "1.44"),
        (LEDGER, -0.974, "-0.97"),
        (PANEL, 2.8821, "+2.882"),
        (STRIP, -5.314, "-0.00531"),
        (CONSOLE, 0.381, "+0.015"),
    ],
)
def test_a_mean_is_printed_in_the_unit_decimals_and_sign_of_its_sheet(layout, um, word):
    assert moment_word(um, MEAN_X, layout) == word


def test_a_mean_that_rounds_to_nothing_is_printed_without_a_minus():
    assert moment_word(-0.001, MEAN_Y, LEDGER) == "0.00"


def test_a_sigma_never_carries_a_sign():
    assert moment_word(3.3081, SIGMA_X, PANEL) == "3.308"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_true_readings_are_the_printed_ones_in_um(layout):
    points = draw_points("type-2", np.random.default_rng(3))
    words, truth, exact = (
        printed_words(points, layout),
        true_readings(points, layout),
        point_readings(points, RING_EDGES),
    )
    assert list(truth) == list(exact)
    resolution = 10**-layout.decimals * layout.um_per_unit
    for name in ("mean_x", "mean_y", "sigma_x", "sigma_y"):
        assert truth[name] == pytest.approx(float(words[name]) * layout.um_per_unit, abs=1e-9)
        assert truth[name] == pytest.approx(exact[name], abs=0.501 * resolution)
    assert {name: count for name, count in truth.items() if name.startswith("ring_")} == {
        name: count for name, count in exact.items() if name.startswith("ring_")
    }


def test_truth_is_as_coarse_as_the_print():
    coarse = replace(LEDGER, decimals=0)
    assert true_readings(POINTS, coarse)["mean_x"] == 4.0  # 3.6
