import pytest

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.ocr import Word
from triptych.reading.printed_statistics import Meaning, compare_statistics, parse_statistic
from triptych.reading.table_parser import find_cells
from triptych.reading.vocabulary import Words, make_vocabulary


def cells(**values: str) -> list[Cell]:
    """Cells with the names `values`, an underscore for each space."""
    words = []
    for i, (name, value) in enumerate(values.items()):
        words.append(Word(name.replace("_", " "), Box(0, 30 * i, 150, 30 * i + 20), 1.0))
        words.append(Word(value, Box(200, 30 * i, 260, 30 * i + 20), 1.0))
    return find_cells(words)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("X Cpk", Meaning("cpk", "x")),
        ("Maximum Y (um)", Meaning("maximum", "y")),
        ("X最大值（微米）", Meaning("maximum", "x")),
        ("AVE+3S X", Meaning("mean_plus_3_sigma", "x")),
        ("Y Étendue", Meaning("span", "y")),
        ("USL", Meaning("upper_limit", "")),
        ("Bin 12", Meaning("bin", "")),
        ("max_x", Meaning("maximum", "x")),
        ("Hole registration accuracy", Meaning("accuracy", "")),
        ("Max drill depth", None),
        ("Mean X", None),
    ],
)
def test_names_of_further_statistics(name, meaning):
    assert parse_statistic(name) == meaning


def test_words_of_a_users_file():
    assert parse_statistic("Grootste X", make_vocabulary([Words(maximum=("grootste",))])) == Meaning("maximum", "x")


def test_a_mean_beyond_the_maximum_is_a_problem():
    problems = compare_statistics(cells(Mean_X="5.60", Min_X="-3.00", Max_X="5.31")).problems
    assert problems == ("mean_x, Max X: 5.6 is printed for mean_x, which cannot exceed 5.31 for Max X",)


def test_numbers_that_agree_within_their_rounding_are_no_problem():
    assert not compare_statistics(cells(Mean_X="5.32", Max_X="5.31")).problems
    assert not compare_statistics(cells(Cpk_X="1.40", Cp_X="1.4")).problems


def test_axes_are_compared_apart():
    assert not compare_statistics(cells(Mean_X="5.60", Max_Y="5.31")).problems


def test_the_range_is_the_maximum_less_the_minimum():
    found = compare_statistics(cells(Min_X="-3.00", Max_X="5.31", Range_X="8.31"))
    assert found.confirmed == ((("Range X", "Min X", "Max X"), "the range is the maximum less the minimum"),)
    found = compare_statistics(cells(Min_X="-3.00", Max_X="5.31", Range_X="3.31"))
    assert found.problems == ("Range X, Min X, Max X: 3.31 is printed, but 5.31 less -3 is 8.31",)


def test_cpk_above_cp_is_a_problem():
    assert compare_statistics(cells(Cp_X="1.20", Cpk_X="1.40")).problems


def test_a_capability_by_another_sigma_is_not_confirmed_and_no_problem():
    printed = {"USL": "10.0", "LSL": "-10.0", "Sigma_X": "2.00"}
    agreeing = compare_statistics(cells(**printed, Cp_X="1.67"))
    assert [names for names, _ in agreeing.confirmed] == [("Cp X", "USL", "LSL", "sigma_x")]
    other = compare_statistics(cells(**printed, Cp_X="1.90"))
    assert not other.confirmed
    assert not other.problems


def test_the_mean_and_three_sigma():
    found = compare_statistics(cells(AVE_X="-3.14", SIGMA_X="1.60", **{"AVE+3S_X": "7.94"}))
    assert [names for names, _ in found.confirmed] == [("AVE+3S X", "mean_x", "sigma_x")]


def test_a_yield_is_the_share_of_a_bin():
    found = compare_statistics(cells(Holes="741", Yield="86.91%", Bin_1="644", Bin_2="53"))
    assert found.confirmed == ((("Yield", "Bin 1", "total"), "86.91% of 741 is 644"),)


def test_numbers_in_different_units_are_not_compared():
    assert not compare_statistics(cells(Mean_X="5.60 um", Max_X="0.21 mil")).problems
