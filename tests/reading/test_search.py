import pytest
from PIL import Image

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.ocr import Word
from triptych.reading.page import Page
from triptych.reading.search import Found, search

LINES = [
    (20, 20, "Total holes"), (220, 20, "426"),
    (20, 60, "Mean X"), (220, 60, "5.38"),
    (20, 100, "Mean Y"), (220, 100, "2.00"),
    (20, 140, "Sigma X"), (220, 140, "2.65"),
]  # fmt: skip
READ = {"total": "426", "mean_x": "5.38", "mean_y": "2.00", "sigma_x": "2.65"}


def _found(picture, engine):
    found = search(picture, Page.of(picture), engine)
    return {cell.field: cell.value.text for cell in found.cells}


TURNS = [None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]


@pytest.mark.parametrize("turn", TURNS)
def test_a_page_is_read_whichever_way_it_lies(engine, draw_lines, turn):
    page = draw_lines(LINES)
    assert _found(page.transpose(turn) if turn is not None else page, engine) == READ


@pytest.mark.parametrize("turn", TURNS)
def test_digits_that_are_legible_upside_down_do_not_hide_that_a_page_is_turned(engine, draw_lines, turn):
    page = draw_lines(
        [
            (20, 20, "X"),
            (60, 20, "Depth"),
            (220, 20, "0.96"),
            (60, 60, "Width"),
            (220, 60, "8.01"),
            (20, 100, "Lot N"),
            (220, 100, "1061"),
        ]
    )
    found = search(
        page.transpose(turn) if turn is not None else page,
        Page.of(page.transpose(turn) if turn is not None else page),
        engine,
    )
    assert {"0.96", "8.01", "1061"} <= {cell.value.text for cell in found.cells}


def test_a_plot_on_a_turned_page_has_its_place_in_the_picture_as_given(draw_plot, cloud):
    picture = draw_plot(cloud(200, (0, 0), (2, 2)), size=(400, 500))
    for quarters, turn in enumerate((Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180), start=1):
        turned = picture.transpose(turn)  # turned back by as many quarters
        upright, found = Page.of(picture).plot, Page.of(turned, quarters).plot
        assert upright is not None
        assert found is not None
        x, y = upright.center_px
        expected = (500 - y, x) if quarters == 1 else (400 - x, 500 - y)
        assert found.center_px == pytest.approx(expected, abs=1.5)


@pytest.mark.parametrize(("dash", "sign"), [("-", "-"), ("", "")])
def test_a_minus_sign_that_stands_apart_is_found(engine, draw_lines, dash, sign):
    lines = [*LINES, (20, 180, "Offset"), (200, 180, dash), (240, 180, "0.70")]
    found = search(draw_lines(lines), Page.of(draw_lines(lines)), engine)
    values = {cell.name: cell.value.text.replace(" ", "") for cell in found.cells}
    assert values["Offset"] == f"{sign}0.70"


def test_dashes_between_names_and_values_are_no_signs(engine, draw_lines):
    lines = [*LINES, *((190, y, "-") for y in (20, 60, 100, 140))]
    assert _found(draw_lines(lines), engine) == READ


@pytest.mark.parametrize(("score", "name", "table"), [(0.9, "Depth", True), (0.5, "Depth", False), (0.9, "E", False)])
def test_letters_and_digits_in_a_texture_are_not_a_table(score, name, table):
    boxes = [Box(0, 30 * i, 60, 30 * i + 20) for i in range(2)]
    cells = [Cell(f"{name}{i}", None, box, Word("5", box.moved(100, 0), score)) for i, box in enumerate(boxes)]
    page = Page.of(Image.new("RGB", (300, 100), "white"))
    assert Found(page, cells).is_table == table
