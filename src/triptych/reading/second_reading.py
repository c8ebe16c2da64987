"""Reads printed numbers a second time, in another way, because OCR errs most on signs and single characters.

A number is recognised again in another crop. A single character has no neighbours that show the recogniser its height
and width (a lone 7 is read as 1), so it is copied three times into one line, and that line is recognised. If two
readings differ, a third decides. If it does not, or would overrule a first one with a high score, both are kept for the
checks to report. Counts that the other counts confirm are not read again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from triptych.reading.cell import Cell, Key
from triptych.reading.checks import check, name_of
from triptych.reading.ocr import OcrEngine, Text
from triptych.reading.page import CROP_STYLES, CropStyle, Page
from triptych.reading.repeated import REPEATS, one_of
from triptych.reading.search import with_minus
from triptych.reading.unit_apart import without_unit_apart

SURE_VALUE = 0.9  # least score of a number of several characters that is not read again


def read_twice(
    page: Page,
    engine: OcrEngine,
    cells: Sequence[Cell],
    *,
    searched: bool = False,
    thorough: bool = True,
    skip: Collection[Key] = (),
) -> list[Cell]:
    """`cells` with second readings of numbers.

    Args:
        page: the page.
        engine: the OCR engine.
        cells: the cells, with their first readings; some may have second ones.
        searched: whether these come from a search of the whole page, not from crops of the first style.
        thorough: whether all numbers are read again, or only single characters and numbers with a low score.
        skip: the keys of cells that are not read again.
    """
    cells = without_unit_apart(page, engine, cells, skip)
    confirmed = check(cells, None).confirmed
    once = [
        cell
        for cell in cells
        if cell.number and cell.again is None and cell.key not in skip and name_of(cell) not in confirmed
    ]
    single = {cell.key for cell in once if page.pieces(cell.value.box) == 1}
    low = {cell.key for cell in once if cell.value.score < SURE_VALUE}
    read_again = {cell.key for cell in once} if thorough else single | low
    # A search makes other crops than `CROP_STYLES`.
    second_style, third_style = CROP_STYLES[:2] if searched else CROP_STYLES[1:]
    second = _recognised(page, engine, cells, read_again, single, second_style)
    read = [replace(cell, again=second[cell.key].text) if cell.key in second else cell for cell in cells]
    second |= {cell.key: Text(cell.again, 1.0) for cell in cells if cell.again is not None}
    differing = {cell.key for cell in read if cell.agreed is False}
    third = _recognised(page, engine, cells, differing - single, set(), third_style)
    third |= _recognised(page, engine, cells, differing & single, set(), CROP_STYLES[1])
    return [
        _decided(cell, second[cell.key], third[cell.key], sure=cell.key not in single | low)
        if cell.key in differing
        else cell
        for cell in read
    ]


def _recognised(
    page: Page, engine: OcrEngine, cells: Sequence[Cell], keys: set[Key], repeated: set[Key], style: CropStyle
) -> dict[Key, Text]:
    """New readings of the cells with `keys`: of those in `repeated` as repeated characters, else in `style`."""
    if not keys:
        return {}
    chosen = [cell for cell in cells if cell.key in keys]
    crops = [
        page.repeated_crop(cell.value.box, REPEATS) if cell.key in repeated else page.value_crop(cell.value.box, style)
        for cell in chosen
    ]
    texts: Mapping[Key, Text] = {
        cell.key: one_of(text) if cell.key in repeated else text
        for cell, text in zip(chosen, engine.recognise(crops), strict=True)
    }
    # A minus sign that is printed apart is not in these crops.
    again = [
        replace(cell, value=replace(cell.value, text=texts[cell.key].text)) if cell.key in texts else cell
        for cell in cells
    ]
    return {
        cell.key: Text(cell.value.text, texts[cell.key].score) for cell in with_minus(page, again) if cell.key in texts
    }


def _decided(cell: Cell, second: Text, third: Text, *, sure: bool) -> Cell:
    """`cell`, whose first two readings differ, with the one that the third confirms.

    It is unchanged if the third confirms none of them, or the second although the first one is `sure`.
    """
    if replace(cell, again=third.text).agreed:
        return replace(cell, again=None)
    if sure:
        return cell
    by_second = replace(cell, value=replace(cell.value, text=second.text, score=second.score), again=third.text)
    return replace(by_second, again=None) if by_second.agreed else cell
