"""Numbers whose unit is a single letter that was taken for a digit: the s of "29.4 s" for a 5.

Such a letter is printed apart, although OCR gives no space, or is lower than the digits.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from triptych.reading.cell import Cell, Key
from triptych.reading.ocr import OcrEngine
from triptych.reading.page import CROP_STYLES, Page

_PLAIN = re.compile(r"[+-]?\d+[.,]?\d+[\dSsOoIl]")


def without_unit_apart(page: Page, engine: OcrEngine, cells: Sequence[Cell], skip: Collection[Key]) -> list[Cell]:
    """`cells` with numbers read again without a single letter after them."""
    ends = {cell.key: end for cell in cells if cell.key not in skip and (end := _end(page, cell)) is not None}
    apart = [cell for cell in cells if cell.key in ends]
    boxes = [cell.value.box._replace(x1=ends[cell.key]) for cell in apart]
    texts = engine.recognise([page.value_crop(box, CROP_STYLES[0]) for box in boxes]) if boxes else []
    read = {
        cell.key: replace(cell, value=replace(cell.value, text=text.text, score=text.score, box=box))
        for cell, box, text in zip(apart, boxes, texts, strict=True)
        if text.text == cell.value.text[:-1] and text.text[-1].isdigit()
    }
    return [read.get(cell.key, cell) for cell in cells]


def _end(page: Page, cell: Cell) -> float | None:
    """The x where the number in `cell` ends before a single letter; None if there is no such letter."""
    text = cell.value.text
    if cell.field is not None or not _PLAIN.fullmatch(text):
        return None
    return page.end_before_last(cell.value.box, len(text), text[-1] in "so")
