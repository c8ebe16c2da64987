"""Names beneath their values, read as cells."""

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.table_parser import find_cells


def word(text: str, x: float, y: float) -> Word:
    """A word whose letters are 10 px wide and 20 px high."""
    return Word(text, Box(x, y, x + 10 * len(text), y + 20), 1.0)


def read(words: list[Word]) -> dict[str, float]:
    """The numbers of the cells, by field or printed name."""
    return {cell.field or cell.name: cell.number.value for cell in find_cells(words) if cell.number}


def test_big_numbers_with_their_names_beneath():
    values = [Word(text, Box(x, 0, x + 60, 30), 1.0) for text, x in (("532", 0), ("0.10", 150), ("1.47", 300))]
    words = [*values, word("HOLES", 0, 35), word("MEAN X", 150, 35), word("CPK", 300, 35)]
    assert read(words) == {"total": 532, "mean_x": 0.1, "CPK": 1.47}


def test_names_above_values_of_larger_print_stay_their_names():
    def big(text: str, x: float, y: float) -> Word:
        return Word(text, Box(x, y, x + 60, y + 30), 1.0)

    words = [word("HOLES", 0, 0), big("532", 0, 25), word("MEAN X", 0, 80), big("0.10", 0, 105)]
    assert read(words) == {"total": 532, "mean_x": 0.1}


def test_the_height_of_a_single_caption_does_not_part_its_line():
    values = [Word(text, Box(x, 0, x + 60, y1), 1.0) for text, x, y1 in (("89.50", 0, 30), ("0.31", 300, 26))]
    captions = [Word("Resistance", Box(0, 31, 90, 52), 1.0), Word("Roughness", Box(300, 27, 390, 53), 1.0)]
    assert read([*values, *captions]) == {"Resistance": 89.5, "Roughness": 0.31}


def test_captions_in_chinese_may_be_as_high_as_the_digits():
    values = [Word(text, Box(x, 0, x + 60, 27), 1.0) for text, x in (("4.46", 0), ("575.1", 300))]
    captions = [Word(text, Box(x, 26, x + 40, 51), 1.0) for text, x in (("扭矩", 0), ("压力", 300))]
    assert read([*values, *captions]) == {"扭矩": 4.46, "压力": 575.1}
