"""Values that OCR did not find."""

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.missed_values import read_missed
from triptych.reading.ocr import Word
from triptych.reading.page import Page


def _cell(name, x0, y0):
    return Cell(name, None, Box(20, y0, x0, y0 + 26), Word("", Box(x0, y0, x0 + 100, y0 + 26), 0.0))


def test_a_value_that_was_not_found_is_read_and_an_empty_place_is_left_out(engine, draw_lines):
    page = Page.of(draw_lines([(20, 20, "Defects ="), (180, 20, "17"), (20, 60, "Remarks:")]))
    (cell,) = read_missed(page, engine, [_cell("Defects", 150, 18), _cell("Remarks", 150, 58)])
    assert (cell.name, cell.value.text) == ("Defects", "17")
