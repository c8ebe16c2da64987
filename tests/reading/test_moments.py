from dataclasses import replace

import pytest

from triptych.reading import digitise
from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.moments import check_moments
from triptych.reading.ocr import Word
from triptych.reading.printed_names import parse_label

NAMES = {"mean_x": "Mean X", "mean_y": "Mean Y", "sigma_x": "Sigma X", "sigma_y": "Sigma Y"}
NOWHERE = Box(0, 0, 1, 1)


def cells(names=NAMES, **texts: str):
    """Cells with these texts, by field."""
    return {
        field: Cell(names[field], parse_label(names[field]), NOWHERE, Word(text, NOWHERE, 1.0))
        for field, text in texts.items()
    }


PRINTED = {"mean_x": "3.00", "mean_y": "-2.00", "sigma_x": "2.50", "sigma_y": "1.50"}


@pytest.fixture
def plot(draw_plot, cloud):
    """A plot that agrees with `PRINTED`; its outer radius is 20 um."""
    measures = digitise(draw_plot(cloud(500, (3, -2), (2.5, 1.5))))
    assert measures is not None
    return measures


def test_print_that_agrees_with_the_plot(plot):
    moments = check_moments(cells(**PRINTED), plot, None, None)
    assert moments.values == {"mean_x": 3.0, "mean_y": -2.0, "sigma_x": 2.5, "sigma_y": 1.5}
    assert moments.um_per_radius == pytest.approx(20, rel=0.06)
    assert not moments.faults
    assert not moments.notes


def test_a_lost_minus_sign_is_restored_from_the_plot(plot):
    moments = check_moments(cells(**PRINTED | {"mean_y": "2.00"}), plot, 20.0, 2)
    assert moments.values["mean_y"] == -2
    assert moments.notes == ["mean_y: minus sign restored from the plot"]
    assert not moments.faults


def test_a_lost_decimal_point_is_restored_because_the_others_have_theirs(plot):
    moments = check_moments(cells(**PRINTED | {"sigma_x": "250"}), plot, None, None)
    assert moments.values["sigma_x"] == 2.5
    assert moments.notes == ["sigma_x: decimal point restored (250 was read)"]


def test_a_value_that_the_plot_contradicts_is_a_fault(plot):
    moments = check_moments(cells(**PRINTED | {"mean_x": "8.00"}), plot, 20.0, 2)
    assert [fault.partition(":")[0] for fault in moments.faults] == ["mean_x"]


def test_sigmas_that_contradict_each_other_are_a_fault_when_the_scale_is_not_known(plot):
    moments = check_moments(cells(**PRINTED | {"sigma_y": "7.50"}), plot, None, None)
    assert moments.um_per_radius is None
    assert moments.faults[0].startswith("sigma_x, sigma_y: ")


def test_missing_and_illegible_moments_are_named():
    texts = {name: text for name, text in PRINTED.items() if name != "mean_x"} | {"mean_y": "x?"}
    moments = check_moments(cells(**texts), None, None, None)
    assert moments.faults == ["mean_x: not found", "mean_y: not legible ('x?' was read)"]


@pytest.mark.parametrize(
    ("name", "text", "um"),
    [
        ("Sigma X (mm)", "0.0025", 2.5),
        ("SD-X [mil]", "0.100", 2.54),
        ("Var X", "6.25", 2.5),
        ("3σ x", "7.5", 2.5),
        ("Sigma X", "0.0025 mm", 2.5),
    ],
)
def test_units_variances_and_several_sigmas_become_micrometres(name, text, um):
    moments = check_moments(cells({"sigma_x": name}, sigma_x=text), None, None, None)
    assert moments.values["sigma_x"] == pytest.approx(um)


def test_the_plots_scale_is_known_from_the_layout_or_else_from_the_sigmas(plot):
    assert check_moments(cells(**PRINTED), replace(plot), 19.5, 2).um_per_radius == 19.5
    assert check_moments(cells(**PRINTED), plot, 19.5, 2).own_scale == pytest.approx(20, rel=0.06)


@pytest.mark.parametrize(("label", "unit"), [(20.0, 1.0), (20.0, None), (0.02, 1000.0), (0.02, None), (0.79, None)])
def test_the_scale_comes_from_the_tick_labels(plot, label, unit):
    labelled = replace(plot, label_per_radius=label, label_unit=unit)
    moments = check_moments(cells(**PRINTED), labelled, None, 2)
    assert moments.um_per_radius == pytest.approx(20, rel=0.01)
    assert not moments.faults


def test_labels_in_an_unknown_unit_are_no_scale(plot):
    labelled = replace(plot, label_per_radius=7.0)
    assert check_moments(cells(**PRINTED), labelled, 19.5, 2).um_per_radius == 19.5


def test_both_sigmas_without_their_point_contradict_the_tick_labels(plot):
    labelled = replace(plot, label_per_radius=20.0, label_unit=1.0)
    moments = check_moments(cells(**PRINTED | {"sigma_x": "25", "sigma_y": "15"}), labelled, None, None)
    assert [fault.partition(":")[0] for fault in moments.faults] == ["sigma_x", "sigma_y"]


def test_means_are_compared_where_zero_is_outside_of_the_plot(plot):
    labelled = replace(plot, label_per_radius=20.0, label_unit=1.0, label_origin=(100.0, 0.0))
    assert not check_moments(cells(**PRINTED | {"mean_x": "103.00"}), labelled, None, 2).faults
    assert check_moments(cells(**PRINTED), labelled, None, 2).faults
