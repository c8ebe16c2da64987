"""Headings that OCR found as one piece of text."""

from triptych.reading.box import Box
from triptych.reading.headings import read_missed_headings, split_headings
from triptych.reading.ocr import Word
from triptych.reading.page import Page

HEADS = [(20, 20, "Report"), (120, 20, "Min"), (190, 20, "Median")]
ROW = [(20, 60, "Area"), (120, 60, "7.17"), (190, 60, "60.11")]


def _texts(words):
    return [word.text for word in words]


def _values(*boxes):
    return [Word(text, Box(*box), 1.0) for text, box in boxes]


def test_joined_headings_are_divided_above_their_columns(engine, draw_lines):
    page = Page.of(draw_lines([*HEADS, *ROW]))
    values = _values(("Area", (20, 60, 62, 82)), ("7.17", (120, 60, 160, 82)), ("60.11", (190, 60, 240, 82)))
    both = [Word("Min Median", Box(118, 18, 262, 42), 1.0), *values]
    assert _texts(split_headings(page, engine, both)) == ["Min", "Median", "Area", "7.17", "60.11"]
    corner = [Word("Report Min", Box(18, 18, 156, 42), 1.0), Word("Median", Box(188, 18, 262, 42), 1.0), *values]
    assert _texts(split_headings(page, engine, corner))[:3] == ["Report", "Min", "Median"]


def test_a_title_above_a_name_and_its_value_stays_whole(engine, draw_lines):
    page = Page.of(draw_lines([(20, 20, "Report"), (120, 20, "Min"), (20, 60, "Area"), (120, 60, "7.17")]))
    words = [
        Word("Report Min", Box(18, 18, 156, 42), 1.0),
        *_values(("Area", (20, 60, 62, 82)), ("7.17", (120, 60, 160, 82))),
    ]
    assert split_headings(page, engine, words) == words


def test_a_heading_that_was_not_found_is_read(engine, draw_lines):
    rows = [(20, 60, "Min"), (120, 60, "3.80"), (220, 60, "10.39")]
    page = Page.of(draw_lines([(20, 20, "Results"), (130, 20, "X"), (235, 20, "Y"), *rows]))
    values = _values(("Min", (20, 60, 60, 82)), ("3.80", (120, 60, 162, 82)), ("10.39", (220, 60, 272, 82)))
    words = [*_values(("Results", (20, 18, 95, 42)), ("X", (128, 18, 146, 42))), *values]
    assert _texts(read_missed_headings(page, engine, words)) == [*_texts(words), "Y"]


def test_print_that_is_known_is_no_missed_heading(engine, draw_lines):
    rows = [(120, 60, "3.80"), (320, 60, "10.39")]
    page = Page.of(draw_lines([(120, 20, "Mean"), (240, 20, "Standard deviation"), *rows]))
    values = _values(("3.80", (120, 60, 162, 82)), ("10.39", (320, 60, 372, 82)))
    words = [*_values(("Mean", (118, 18, 170, 42)), ("Standard deviation", (238, 18, 420, 42))), *values]
    assert read_missed_headings(page, engine, words) == words
