"""Parses a printed table of any form: words with their boxes -> `Cell`s, each a value with its name.

Names and values are paired by their positions: a name to the left of its value (in one column of the page or in
several), a name above its value, a section's heading above both, or a grid whose rows and columns each give half of
the name. A name that is not known is kept as printed. A number without a name has the name "".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, count

from triptych.reading.box import Box
from triptych.reading.captions import pair_captions
from triptych.reading.cell import Cell, Key, with_mark
from triptych.reading.grids import Place, find_grids
from triptych.reading.neighbours import nearest_left
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords
from triptych.reading.page_words import classify_words
from triptych.reading.printed_names import Label, unit_in, without_unit
from triptych.reading.units import parse_percent
from triptych.reading.vocabulary import Vocabulary, built_in, spaced
from triptych.records.fields import MEAN_X

MAX_DROP = 2.0  # heights of text between an unknown name and the value below it
MAX_SPACE = 5.0  # heights of text on the right of a name in which a value may stand that was not found
UNIT_GAP = 4.0  # heights of text between a value and its unit


def find_cells(words: Sequence[Word], vocabulary: Vocabulary | None = None) -> list[Cell]:
    """The cells of the tables on a page, from top to bottom; repeated names are told apart."""
    page = classify_words(words, vocabulary)
    pair_captions(page)
    grids = find_grids(page)
    kinds = (vocabulary or built_in()).kinds
    cells = [_gridded(grids, value, kinds) or _beside(page, name, value) for name, value in page.pairs]
    cells += [_gridded(grids, value, kinds) or _cell_of(page, value) for value in page.values]
    cells += _cells_without_value(page, cells)
    ordered = sorted(with_mark(cells), key=lambda cell: (cell.value.box.center[1], cell.value.box.x0))
    named = _without_plain_means(_mean_of_bare_axes(_told_apart(page, [_with_unit(page, cell) for cell in ordered])))
    return _share_unit(named)


def _told_apart(page: PageWords, cells: Sequence[Cell]) -> list[Cell]:
    """`cells` with different names: a repeated one is preceded by the heading of its section, or followed by a number.

    Only the first cell of a known field has its meaning, and "3 sigma" has it only if sigma is not printed. A repeated
    name without a value is left out, and so is the name of a known field that stands with its value elsewhere.
    """
    single = {cell.key for cell in cells if cell.label and cell.label.multiple == 1}
    valued = {cell.key for cell in cells if cell.field and cell.value.text}
    found: dict[Key, Cell] = {}
    for cell in cells:
        if not cell.value.text and cell.key in valued:
            continue
        if cell.label and cell.label.multiple != 1 and cell.key in single:
            cell = replace(cell, label=None)
        if cell.key in found:
            if not cell.value.text:
                continue
            first, key = found[cell.key], cell.key
            cell = _renamed(page, cell, {other.name for other in found.values()})
            found[key] = _sectioned(page, first, cell)
        found[cell.key] = cell
    return list(found.values())


def _sections(page: PageWords, cell: Cell) -> Iterator[str]:
    """The headings above the name of `cell`, the nearest first, without the names of other values."""
    rows = {left for value in page.values if (left := nearest_left(value.box, page.names))}
    return (heading.title for heading in _above(page, cell.label_box) if heading not in rows)


def _sectioned(page: PageWords, first: Cell, later: Cell) -> Cell:
    """The `first` cell of a name, with the heading of its section if the `later` one of that name has one."""
    heading = next(_sections(page, first), None)
    if first.label is not None or heading is None or not later.name.endswith(f" {first.name}"):
        return first
    return first if later.name.startswith(f"{heading} ") else replace(first, name=f"{heading} {first.name}")


def _renamed(page: PageWords, cell: Cell, taken: Collection[str]) -> Cell:
    numbered = (f"{cell.name} ({number})" for number in count(2))
    sectioned = (f"{heading} {cell.name}" for heading in _sections(page, cell))
    return replace(cell, name=next(name for name in chain(sectioned, numbered) if name not in taken), label=None)


def _cell_of(page: PageWords, value: Word) -> Cell:
    """`value` with its name: on its left, or else above."""
    neighbours: list[Name | Word] = [*page.names, *page.values]
    left = nearest_left(value.box, neighbours)
    if isinstance(left, Name):
        return _beside(page, left, value)
    row = nearest_left(value.box, page.names) if parse_percent(value.text) else None
    if row and not any(name.box.in_column_of(value.box) for name in _above(page, value.box)):
        return Cell(f"{row.title} %", None, row.box, value)
    return _in_grid(page, value) or _below(page, value) or Cell("", None, value.box, value)


def _gridded(grids: Mapping[Box, Place], value: Word, kinds: Collection[str]) -> Cell | None:
    """`value` named by its row and the headings of its column; None if it is not in a grid, or its row says it all."""
    place = grids.get(value.box)
    if place is None:
        return None
    row = place.row
    other = any(spaced(without_unit(heading.title)) in kinds for heading in place.headings)  # a limit of the mean
    if row and row.label and row.label.field and place.first and not other:
        return None
    partial = row is None or (row.label is not None and not row.label.field)
    if place.columns < 2 and not partial:
        return None
    names = [*([row] if row else []), *place.headings]
    labels = [name.label for name in names if name.label]
    merged = reduce(Label.merge, labels) if labels and len(labels) == len(names) else None
    known = merged if merged and merged.field and not (row and row.label and row.label.field) else None
    title = " ".join(without_unit(name.title) for name in names)
    return Cell(title, known, place.shared, value)


def _beside(page: PageWords, name: Name, value: Word) -> Cell:
    """`value` with the name on its left, completed by a heading above the value or above the name."""
    label, headings = name.label, [*_above(page, value.box), *_above(page, name.box)]
    if label and not label.field:
        for heading in headings:
            if heading.label and (merged := label.merge(heading.label)).field:
                return Cell(f"{heading.title} {name.title}", merged, name.box, value)
    elif label and label.unit is None:
        units = (unit for h in headings if not (h.label and h.label.field) and (unit := unit_in(h.title)))
        label = replace(label, unit=next(units, None))
    return Cell(name.title, label, name.box, value)


def _in_grid(page: PageWords, value: Word) -> Cell | None:
    """`value` named by its row, beyond other values, and its column's heading; None if it is not in a grid."""
    rows = [*page.names, *(name for name, _ in page.pairs)]
    row, headings = nearest_left(value.box, rows), _above(page, value.box)
    if row is None or not headings:
        return None
    for heading in headings:
        if heading.label and row.label and not row.label.field and (merged := row.label.merge(heading.label)).field:
            return Cell(f"{row.title} {heading.title}", merged, row.box, value)
    heading = headings[0]
    if heading.box.in_column_of(value.box):
        return Cell(f"{row.title} {heading.title}", None, row.box, value)
    return None


def _below(page: PageWords, value: Word) -> Cell | None:
    """`value` with the name above it; an unknown name must be close."""
    if not (headings := _above(page, value.box)) or nearest_left(value.box, page.names):
        return None
    heading = headings[0]
    known = heading.label and heading.label.field
    if not known and value.box.y0 - heading.box.y1 > MAX_DROP * value.box.height:
        return None
    return Cell(heading.title, heading.label, heading.box, value)


def _above(page: PageWords, box: Box) -> list[Name]:
    """Names above `box`, the nearest first; of those on one line, the one that is best aligned with it."""
    reach = box.grown(box.height, 0)
    names = [
        name for name in page.names if name.box.center[1] < box.y0 and name.box.x0 < reach.x1 and name.box.x1 > reach.x0
    ]
    lowest = max((name.box.y1 for name in names), default=0.0)

    def distance(name: Name) -> tuple[float, float]:
        lines = round((lowest - name.box.y1) / box.height)
        sides = (name.box.x0 - box.x0, name.box.x1 - box.x1, name.box.center[0] - box.center[0])
        return lines, min(map(abs, sides))

    return sorted(names, key=distance)


def _cells_without_value(page: PageWords, cells: Sequence[Cell]) -> list[Cell]:
    """Names without a value: known ones with the position where their column has its values, others before a colon."""
    used = {cell.label_box for cell in cells}
    beside = [c for c in cells if c.field and c.label_box.on_line_of(c.value.box) and c.value.box.x0 > c.label_box.x0]
    found = []
    for name in page.names:
        if name.box in used:
            continue
        if not (name.label and name.label.field):
            if name.text.rstrip().endswith((":", "=")) and (box := _space_after(page, name)):
                found.append(Cell(name.title, None, name.box, Word("", box, 0.0)))
            continue
        column = [cell.value.box for cell in beside if cell.label_box.flush_with(name.box)]
        if len(column) >= 2:
            x0 = max(name.box.x1, min(box.x0 for box in column))
            box = name.box._replace(x0=x0, x1=max(x0, *(box.x1 for box in column)))
            found.append(Cell(name.title, name.label, name.box, Word("", box, 0.0)))
    return found


def _space_after(page: PageWords, name: Name) -> Box | None:
    """The space on the right of `name` up to the next word; None if there is none."""
    items = [*page.names, *page.values, *(item for pair in page.pairs for item in pair)]
    right = [i.box.x0 for i in items if i is not name and i.box.on_line_of(name.box) and i.box.x0 >= name.box.x1]
    end = min([*right, name.box.x1 + MAX_SPACE * name.box.height])
    return name.box._replace(x0=name.box.x1, x1=end) if end - name.box.x1 > name.box.height else None


def _with_unit(page: PageWords, cell: Cell) -> Cell:
    """`cell` with the unit after its value, above its column or once for the page, unless its name states one."""
    if cell.label is None or cell.label.unit is not None:
        return cell
    box = cell.value.box
    after = [u for u in page.units if u.box.on_line_of(box) and 0 <= u.box.x0 - box.x1 < UNIT_GAP * box.height]
    stated = [unit for unit in page.units if unit.stated]
    above = [u for u in page.units if u.box.center[1] < box.y0 and u.box.overlap(box).width > 0]
    heading = max(above, key=lambda unit: unit.box.y1, default=stated[-1] if stated else None)
    nearest = min(after, key=lambda unit: unit.box.x0, default=heading)
    return replace(cell, label=replace(cell.label, unit=nearest.um if nearest else None))


def _mean_of_bare_axes(cells: list[Cell]) -> list[Cell]:
    """`cells` where a lone "x" or "y" names the mean if no other cell does: OCR drops the bar over it."""
    fields = {cell.field for cell in cells}
    named = []
    for cell in cells:
        if cell.label and cell.label.axis and cell.label.statistic is None:
            mean = replace(cell.label, statistic="mean")
            cell = cell if mean.field in fields else replace(cell, label=mean)
        named.append(cell)
    return named


def _without_plain_means(cells: list[Cell]) -> list[Cell]:
    """`cells` where "X bar" is the mean of anything, as in control charts, if nothing on the page is about y."""
    if any(cell.label and cell.label.axis == "y" for cell in cells):
        return cells
    return [replace(c, label=None) if c.field == MEAN_X and "bar" in c.name.lower() else c for c in cells]


def _share_unit(cells: list[Cell]) -> list[Cell]:
    """`cells` where known names without a unit take the unit that all others share."""
    units = {cell.label.unit for cell in cells if cell.label and cell.label.unit is not None}
    if len(units) != 1:
        return cells
    unit = units.pop()
    return [
        replace(cell, label=replace(cell.label, unit=unit)) if cell.label and cell.label.unit is None else cell
        for cell in cells
    ]
