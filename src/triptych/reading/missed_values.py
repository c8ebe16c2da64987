"""Reads values that OCR did not find beside their names: most often a single digit."""

from collections.abc import Sequence
from dataclasses import replace

from triptych.reading.cell import Cell
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.page import CROP_STYLES, Page


def read_missed(page: Page, engine: OcrEngine, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with the values of unknown fields that have only a place so far; without those where nothing is printed.

    A value that cannot be read stays empty, which is a fault of the record.
    """
    empty = [cell for cell in cells if cell.field is None and not cell.value.text]
    printed = [cell for cell in empty if page.pieces(cell.value.box)]
    texts = engine.recognise([page.value_crop(cell.value.box, CROP_STYLES[0]) for cell in printed]) if printed else []
    found = {
        cell.key: replace(cell, value=Word(text.text, cell.value.box, text.score))
        for cell, text in zip(printed, texts, strict=True)
    }
    left_out = {cell.key for cell in empty} - found.keys()
    return [found.get(cell.key, cell) for cell in cells if cell.key not in left_out]
