"""Row numbers and column letters around a spreadsheet."""

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.spreadsheet import without_margins


def table(*rows: tuple[str, ...]) -> list[Word]:
    return [
        Word(text, Box(100 * x, 30 * y, 100 * x + 10 * len(text), 30 * y + 20), 1.0)
        for y, row in enumerate(rows)
        for x, text in enumerate(row)
        if text
    ]


def texts(words: list[Word]) -> list[str]:
    return [word.text for word in without_margins(words)]


def test_letters_above_and_numbers_on_the_left_are_left_out():
    rows = [
        ("", "A", "B", "C"),
        ("1", "Axis", "Mean", "Max"),
        ("2", "X", "0.10", "5.31"),
        ("3",),
        ("4", "Y", "0.2", "4.2"),
    ]
    assert texts(table(*rows)) == ["Axis", "Mean", "Max", "X", "0.10", "5.31", "Y", "0.2", "4.2"]


def test_numbers_that_name_their_lines_are_kept():
    words = table(("Zone", "Count"), ("1", "40"), ("2", "50"), ("3", "60"))
    assert without_margins(words) == words


def test_counts_that_happen_to_rise_by_one_are_kept():
    words = table(("0-2 um", "1"), ("2-4 um", "2"), ("4-6 um", "3"))
    assert without_margins(words) == words
