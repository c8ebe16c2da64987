"""Units of a single letter after a number."""

import pytest

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.ocr import Word
from triptych.reading.page import Page
from triptych.reading.unit_apart import without_unit_apart


@pytest.mark.parametrize(
    ("printed", "read", "kept"), [("29.4 s", "29.45", "29.4"), ("143s", "143s", "143"), ("29.45", "29.45", "29.45")]
)
def test_a_letter_after_a_number_is_no_digit(engine, draw_lines, printed, read, kept):
    page = Page.of(draw_lines([(20, 20, "Time"), (120, 20, printed)]))
    cell = Cell("Time", None, Box(20, 16, 70, 46), Word(read, Box(115, 16, 210, 46), 1.0))
    (found,) = without_unit_apart(page, engine, [cell], ())
    assert found.value.text == kept


def test_a_faint_decimal_point_parts_no_digit(engine, draw_lines):
    picture = draw_lines([(20, 20, "Time"), (120, 20, "100 7")])
    cell = Cell("Time", None, Box(20, 16, 70, 46), Word("100.7", Box(115, 16, 210, 46), 1.0))
    assert without_unit_apart(Page.of(picture), engine, [cell], ()) == [cell]
