"""Reads the values of cells: recognises them, reads doubtful ones again with other crops, and checks them together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from triptych.reading.box import Box
from triptych.reading.cell import Cell, Key
from triptych.reading.certainty import LEAST_SCORE, fields_of
from triptych.reading.checks import CheckedTable, KnownLayout, check
from triptych.reading.measures import PlotMeasures
from triptych.reading.neighbours import MAX_GAP
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.page import CROP_STYLES, CropStyle, Page
from triptych.reading.reading import Reading
from triptych.reading.search import LEGIBLE, with_minus
from triptych.records.fields import TOTAL


@dataclass(frozen=True)
class Table:
    """The table of one record: its cells, the checked values, and the plot measured with the printed total."""

    cells: tuple[Cell, ...]
    checked: CheckedTable
    plot: PlotMeasures | None

    def unnamed(self, page: Page) -> int:
        """The number of well legible numbers on `page` without a name, where something is printed before or above them.

        Other numbers, such as those along the axis of a chart, have no name.
        """
        nameless = [cell for cell in self.cells if not cell.name and cell.number and cell.value.score >= LEGIBLE]
        boxes = [cell.value.box for cell in nameless]
        return sum(_may_be_named(page, box, boxes) for box in boxes)

    def reading(self, page: Page, layout: int | None, unnamed: int) -> Reading:
        """The reading of the `page`.

        Args:
            page: the page.
            layout: the index of its layout, if it has one.
            unnamed: printed numbers whose names could not be found.
        """
        checked = self.checked
        nameless = [f"unnamed: {unnamed} printed numbers have no name that can be read"] if unnamed else []
        return Reading(
            ok=checked.ok,
            values=checked.values,
            problems=[*checked.faults, *checked.notes, *nameless],
            plot=self.plot.with_scale(checked.um_per_radius) if self.plot else None,
            absent=checked.absent,
            fields=fields_of(self.cells, checked, plot=self.plot is not None),
            quarters=page.quarters,
            layout=layout,
        )


def reread_doubtful(page: Page, engine: OcrEngine, cells: Sequence[Cell], known: KnownLayout) -> Table:
    """Check `cells`, read the doubtful ones again with other crops, and keep the better set of readings."""
    table = _check(page, cells, known)
    for style in CROP_STYLES[1:]:
        unsure = {
            cell.key
            for cell in table.cells
            if (cell.field or cell.number or _is_missed(cell)) and cell.value.score < LEAST_SCORE
        }
        doubtful = [cell for cell in table.cells if cell.key in unsure | table.checked.suspects]
        if not doubtful:
            break
        again = {cell.key: cell for cell in read_values(page, engine, doubtful, style) if cell.number}
        retried = _check(page, [_more_certain(cell, again.get(cell.key)) for cell in table.cells], known)
        if len(retried.checked.faults) <= len(table.checked.faults):
            table = retried
    return table


def _more_certain(old: Cell, new: Cell | None) -> Cell:
    """Of two readings of one cell, the one that is a number, or else the one with the higher score."""
    if new is None or (old.number is not None and old.value.score >= new.value.score):
        return old
    return new


def _check(page: Page, cells: Sequence[Cell], known: KnownLayout) -> Table:
    total = next((cell.number.value for cell in cells if cell.field == TOTAL and cell.number), None)
    plot = page.plot.measure(total) if page.plot else None
    checked = check(cells, plot, known)
    missed = [cell for cell in cells if _is_missed(cell) and page.pieces(cell.value.box)]
    faults = (*checked.faults, *(f"{cell.name}: not legible" for cell in missed))
    return Table(tuple(cells), replace(checked, faults=faults), plot)


def _may_be_named(page: Page, value: Box, nameless: Sequence[Box]) -> bool:
    """Whether something else than `nameless` numbers is printed on the left of `value`, or close above it."""
    before = Box(max(0, value.x0 - MAX_GAP * value.height), value.y0, value.x0 - 1, value.y1)
    above = Box(value.x0, max(0, value.y0 - 2 * value.height), value.x1, value.y0 - 1)
    regions = [box for box in (before, above) if min(box.width, box.height) > 1]
    free = [box for box in regions if not any(box.meets(other) for other in nameless)]
    return any(page.pieces(box) for box in free)


def _is_missed(cell: Cell) -> bool:
    """Whether nothing was read of the value of an unknown field."""
    return bool(cell.name) and cell.field is None and not cell.value.text


def read_values(
    page: Page, engine: OcrEngine, cells: Sequence[Cell], style: CropStyle, skip: Collection[Key] = ()
) -> list[Cell]:
    """`cells` with the values that the engine recognises at their positions, except those whose keys are in `skip`."""
    boxes = {cell.key: cell.value.box for cell in cells if cell.key not in skip}
    found = engine.recognise([page.value_crop(box, style) for box in boxes.values()]) if boxes else []
    texts = dict(zip(boxes, found, strict=True))
    read = [
        replace(cell, value=Word(text.text, cell.value.box, text.score)) if (text := texts.get(cell.key)) else cell
        for cell in cells
    ]
    return mark_partial(page, with_minus(page, read))


def mark_partial(page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with score 0 for numbers with characters that OCR missed, most often the minus sign."""
    return [
        replace(cell, value=replace(cell.value, score=0.0))
        if cell.field and page.holds_more(cell.value.box, _with_sign_between(cell))
        else cell
        for cell in cells
    ]


def _with_sign_between(cell: Cell) -> str:
    """The value's text, with the equals sign or colon that may stand in its box after a name in the same piece."""
    return f"={cell.value.text}" if cell.label_box.x1 == cell.value.box.x0 else cell.value.text
