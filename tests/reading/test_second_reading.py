import pytest

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.ocr import Text, Word
from triptych.reading.page import Page
from triptych.reading.printed_names import parse_label
from triptych.reading.second_reading import read_twice

ROW = Box(80, 20, 140, 60)


class Engine:
    """Gives each crop the next of `texts`."""

    id = "test"

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    def detect(self, image):
        raise AssertionError("not asked for")

    def recognise(self, crops):
        return [Text(self.texts.pop(0), 0.95) for _ in crops]


@pytest.fixture
def page(draw_lines):
    def draw(text):
        return Page.of(draw_lines([(10, 25, "Cpk"), (85, 25, text)], size=(200, 100), font=24))

    return draw


def cell(text, score=1.0, name="Cpk"):
    return Cell(name, parse_label(name), Box(8, 20, 60, 60), Word(text, ROW, score))


def read(page, engine, *, thorough=True, text="1.58", score=1.0):
    return read_twice(page, engine, [cell(text, score)], thorough=thorough)[0]


def test_two_equal_readings_agree(page, engine):
    assert read(page("1.58"), engine).agreed
    assert read(page("7"), engine, text="7").agreed  # of a line of three
    assert read(page("-0.70"), engine, text="-0.70").agreed


def test_a_single_character_is_copied_into_a_line(page):
    assert read(page("7"), Engine("777"), text="7").agreed
    assert read(page("7"), Engine("111", "7"), text="7").agreed is None  # a third reading decides
    assert page("7").repeated_crop(ROW, 3).shape[1] > 2 * page("7").repeated_crop(ROW, 1).shape[1]


def test_a_wrong_single_character_is_corrected(page, engine):
    corrected = read(page("7"), engine, text="1")
    assert corrected.value.text == "7"
    assert corrected.agreed is None


def test_a_first_reading_with_a_high_score_is_not_overruled(page):
    doubted = read(page("1.58"), Engine("1.53", "1.53"))
    assert (doubted.value.text, doubted.agreed) == ("1.58", False)
    assert read(page("1.58"), Engine("1.53", "1.53"), score=0.7).value.text == "1.53"
    assert read(page("1.58"), Engine("1.53", "1.56"), score=0.7).agreed is False


def test_less_thoroughly_only_single_characters_and_low_scores_are_read_again(page):
    assert read(page("1.58"), Engine(), thorough=False).again is None
    assert read(page("1.58"), Engine("1.58"), thorough=False, score=0.8).agreed
    assert read(page("7"), Engine("777"), thorough=False, text="7").agreed


def test_a_minus_sign_that_stands_apart_belongs_to_both_readings(draw_lines):
    page = Page.of(draw_lines([(10, 25, "Bias"), (100, 25, "-"), (125, 25, "0.70")], size=(240, 100), font=24))
    bias = Cell("Bias", None, Box(8, 20, 66, 60), Word("-0.70", Box(123, 25, 180, 55), 1.0))
    assert read_twice(page, Engine("0.70"), [bias], searched=True)[0].agreed
