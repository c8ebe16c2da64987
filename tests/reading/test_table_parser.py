import pytest

from printed_words import read, table, word
from triptych.reading.box import Box
from triptych.reading.printed_names import RING
from triptych.reading.table_parser import find_cells


def test_names_to_the_left_of_their_values():
    words = table(("Holes", "600"), ("Mean X", "-0.10"), ("0-2 um", "40"))
    assert read(words) == {"total": 600, "mean_x": -0.1, (0, 2): 40}


def test_two_columns_of_names_and_values():
    words = table(("Mean X", "0.10", "0-2", "40"), ("Mean Y", "0.20", "2-4", "50"), columns=(0, 100, 200, 300))
    assert read(words) == {"mean_x": 0.1, "mean_y": 0.2, (0, 2): 40, (2, 4): 50}


def test_names_above_their_values():
    words = table(("N", "Mean X", "Sigma X"), ("600", "0.10", "1.90"), columns=(0, 150, 300), pitch=25)
    assert read(words) == {"total": 600, "mean_x": 0.1, "sigma_x": 1.9}


def test_a_grid_of_statistics_and_axes():
    words = table(("", "X", "Y"), ("Mean", "0.10", "0.20"), ("Sigma", "1.90", "1.80"))
    assert read(words) == {"mean_x": 0.1, "mean_y": 0.2, "sigma_x": 1.9, "sigma_y": 1.8}


def test_sections_with_a_heading():
    words = table(("Mean",), ("X", "0.10"), ("Y", "0.20"), ("Sigma",), ("X", "1.90"), ("Y", "1.80"))
    assert read(words) == {"mean_x": 0.1, "mean_y": 0.2, "sigma_x": 1.9, "sigma_y": 1.8}


def test_bare_axes_name_the_means_because_ocr_drops_bars():
    assert read(table(("x", "0.10"), ("y", "0.20"), ("ox", "1.90"))) == {"mean_x": 0.1, "mean_y": 0.2, "sigma_x": 1.9}


def test_unknown_fields_keep_their_names_and_texts():
    words = table(("Depth", "0.35"), ("Lot:", "K12345"), ("Mean X", "0.10"))
    assert read(words) == {"Depth": 0.35, "Lot": "K12345", "mean_x": 0.1}


def test_a_second_value_of_a_known_row_does_not_pass_for_it():
    words = table(("", "Count", "Share"), ("0-2", "40", "6.6%"), ("2-4", "50", "8.3%"))
    assert read(words) == {(0, 2): 40, (2, 4): 50, "0-2 Share": 6.6, "2-4 Share": 8.3}


def test_a_number_without_a_name_is_kept_without_one():
    (cell,) = find_cells([word("42", 0, 0)])
    assert (cell.name, cell.field) == ("", None)


def test_a_known_name_without_a_value_has_the_position_of_its_value():
    words = table(("0-2 um", "40"), ("2-4 um", "50"), ("4-6 um", ""))
    missing = next(cell for cell in find_cells(words) if not cell.value.text)
    assert missing.field == RING
    assert missing.value.box == Box(200, 60, 220, 80)


@pytest.mark.parametrize(
    "words",
    [
        table(("Mean X (mm)", "0.001"), ("0.000-0.002", "40")),
        table(("Mean X", "0.001"), ("0.000-0.002", "40"), ("Unit: mm",)),
        table(("Mean X", "0.001", "mm"), ("0.000-0.002", "40", "")),
        table(("Radius [mm]", "Count"), ("0.000-0.002", "40")),
    ],
    ids=["a name's", "the page's", "a value's", "a heading's"],
)
def test_a_unit_stated_once_applies_to_all(words):
    ring = next(cell for cell in find_cells(words) if cell.field == RING)
    assert ring.label is not None
    assert ring.label.unit == 1000


def test_one_name_for_both_axes():
    expected = {"mean_x": 5.38, "mean_y": -2.0, "sigma_x": 2.65, "sigma_y": 2.38}
    assert read(table(("AVE X / Y", "5.38", "-2.00"), ("SD (X, Y)", "2.65", "2.38"))) == expected
    assert read(table(("AVE X / Y", "5.38 / -2.00"), ("SD X/Y 2.65", "2.38"))) == expected
    assert read(table(("AVE X / Y 5.38 -2.00",), ("SD X / Y 2.65 2.38",))) == expected


def test_a_percentage_beside_a_count_has_the_name_of_the_row():
    words = table(("0-2", "40", "6.6%"), ("Yield", "98.5%", ""))
    assert read(words) == {(0, 2): 40, "0-2 %": 6.6, "Yield": 98.5}


def test_repeated_names_are_told_apart_by_their_section_or_a_number():
    words = table(("Cpk", "1.67"), ("Cpk", "0.98"), ("After", ""), ("Cpk", "1.20"))
    assert read(words) == {"Cpk": 1.67, "Cpk (2)": 0.98, "After Cpk": 1.2}


def test_two_values_found_as_one_word_are_divided():
    words = [*table(("", "X", "Y"), ("Mean", "", "")), word("0,10 um -0,20 um", 200, 30)]
    assert read(words) == {"mean_x": 0.1, "mean_y": -0.2}


def test_names_that_are_letters_like_digits_are_names():
    assert read(table(("ID", "4711"), ("SO", "88231"), ("B", "3"))) == {"ID": 4711, "SO": 88231, "B": 3}


def test_a_lone_zero_with_a_dot_is_a_zero_where_a_count_is_expected():
    assert read(table(("0-2", "日"), ("2-4", "5"))) == {(0, 2): 0, (2, 4): 5}


def test_headings_name_the_values_under_them_however_they_are_aligned():
    words = [word("Total holes", 0, 0), word("Mean X", 130, 2), word("600", 0, 30), word("1.58", 130, 29)]
    assert read(words) == {"total": 600, "mean_x": 1.58}


def test_a_multiple_of_sigma_is_sigma_only_if_sigma_is_not_printed():
    assert read(table(("3 sigma X", "6.0"))) == {"sigma_x": 6}
    assert read(table(("3 sigma X", "6.0"), ("Sigma X", "2.0"))) == {"3 sigma X": 6, "sigma_x": 2}


def test_a_heading_states_the_unit_of_its_column():
    for heading in ("Value (mm)", "VALUE (MM)", "Reading [mm]"):
        (cell,) = [cell for cell in find_cells(table(("Item", heading), ("Mean X", "0.0012"))) if cell.field]
        assert cell.label.unit == 1000


def test_a_number_with_another_unit_is_a_value():
    assert read(table(("Speed", "109,000 rpm"), ("Time", "28.0 s"), ("Holes", "586 pcs"))) == {
        "Speed": 109000, "Time": 28, "total": 586,
    }  # fmt: skip


def test_the_first_of_repeated_names_has_its_section_too():
    words = [word("Bore A", 0, 0), word("Bore B", 300, 0)]
    for x, number in ((0, "12.400"), (300, "25.700")):
        words += [word("Nominal", x, 30), word(number, x + 120, 30)]
    assert {cell.name for cell in find_cells(words)} == {"Bore A Nominal", "Bore B Nominal"}


def test_x_bar_is_no_coordinate_where_nothing_is_about_y():
    (bar,) = find_cells([word("XBAR", 0, 0), word("2.51", 100, 0)])
    assert (bar.field, bar.name) == (None, "XBAR")
    both = find_cells([word("X bar", 0, 0), word("2.51", 100, 0), word("Y bar", 0, 30), word("1.20", 100, 30)])
    assert [cell.field for cell in both] == ["mean_x", "mean_y"]
