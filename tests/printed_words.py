"""Words of drawn-up tables, and how they are read as cells."""

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.table_parser import find_cells


def word(text: str, x: float, y: float) -> Word:
    """A word whose letters are 10 px wide and 20 px high."""
    return Word(text, Box(x, y, x + 10 * len(text), y + 20), 1.0)


def table(*rows: tuple[str, ...], columns: tuple[float, ...] = (0, 200, 300), pitch: float = 30) -> list[Word]:
    """Words in rows; an empty text leaves its cell empty."""
    return [
        word(text, x, i * pitch) for i, row in enumerate(rows) for text, x in zip(row, columns, strict=False) if text
    ]


def read(words: list[Word]) -> dict[object, float | str]:
    """The value of each cell, by field, ring bounds or printed name."""
    found: dict[object, float | str] = {}
    for cell in find_cells(words):
        ring = cell.label.ring.bounds(cell.label.unit or 1.0) if cell.label and cell.label.ring else None
        found[ring or cell.field or cell.name] = cell.number.value if cell.number else cell.value.text
    return found
