"""Finds grids of values on a page: tables whose rows and columns each give a part of a name.

A grid begins with a line of headings that holds no value. Each line below it has a row's name, then values, each under
another heading: "X 0.12 1.58" under "Mean Sigma". Above repeated headings, a line of wider ones may tell them apart:
"X Y" above "Mean Sigma Mean Sigma".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from triptych.reading.box import Box
from triptych.reading.neighbours import in_one_column
from triptych.reading.ocr import Word
from triptych.reading.page_kinds import Name, PageWords

MAX_PITCH = 3.0  # heights of text between neighbouring lines of a grid
WIDER_PITCH = 1.6  # a line that is so much further away than the others no longer belongs to the grid
MAX_RISE = 1.5  # heights of text by which a heading that extends over two lines stands above the others
WITHIN = 1.0  # heights of text by which a value may extend beyond the headings on its right

Item = Name | Word


@dataclass(frozen=True)
class Place:
    """The place of a value in a grid.

    Attributes:
        row: the name of its row, if there is one.
        headings: the headings of its column, the widest first.
        first: whether it is the first value of its row.
        columns: the number of columns with values.
        shared: the box of a name that other values of the grid have, too.
    """

    row: Name | None
    headings: tuple[Name, ...]
    first: bool
    columns: int
    shared: Box


def find_grids(page: PageWords) -> dict[Box, Place]:
    """The place of each value on `page` that is in a grid, by the value's box."""
    lines = _lines([*page.names, *page.values, *(item for pair in page.pairs for item in pair)])
    places: dict[Box, Place] = {}
    for index, heads in ((i, heads) for i, line in enumerate(lines[:-1]) for heads in _runs(line)):
        if len(heads) >= 2:
            spanning = _spanning(lines[: index + 2], heads)
            groups = _groups(lines[:index], heads, spanning)
            heads = sorted([*heads, *spanning], key=lambda head: head.box.x0)
            places |= _places(_body(lines[index:], heads), groups)
    return places


def _runs(line: Sequence[Item]) -> list[list[Name]]:
    """The names in `line` that stand next to one another, without those of values in it, from left to right."""
    runs: list[list[Name]] = [[]]
    for item in line:
        if isinstance(item, Name):
            runs[-1].append(item)
        else:
            runs[-1:] = [runs[-1][:-1], []]
    return runs


def _lines(items: Sequence[Item]) -> list[list[Item]]:
    """`items` by lines, each from left to right."""
    lines: list[list[Item]] = []
    for item in sorted(items, key=lambda item: item.box.center[1]):
        if lines and lines[-1][-1].box.on_line_of(item.box):
            lines[-1].append(item)
        else:
            lines.append([item])
    return [sorted(line, key=lambda item: item.box.x0) for line in lines]


@dataclass(frozen=True)
class _Row:
    """A line of a grid: the name of the row, and its values with the headings of their columns."""

    name: Name | None
    values: tuple[tuple[Word, Name], ...]


def _body(lines: Sequence[list[Item]], heads: Sequence[Name]) -> list[_Row]:
    """The rows under the line of headings `lines[0]`, up to the first line that is not one.

    A heading above the names of the rows is not the heading of any value.
    """
    rows: list[_Row] = []
    pitches: list[float] = []
    for above, line in pairwise(lines):
        height = max(item.box.height for item in line)
        pitches.append(line[0].box.center[1] - above[0].box.center[1])
        if pitches[-1] > MAX_PITCH * height or pitches[-1] > WIDER_PITCH * min(pitches):
            break
        row = _row([item for item in line if item.box.x0 < heads[-1].box.x1 + WITHIN * height], heads)
        if row is None or (rows and not _continues(rows[0], row)):
            break
        rows.append(row)
        corner = all(heading is not heads[0] for _, heading in row.values)
        if row.name and corner and in_one_column(row.name.box, heads[0].box) and len(heads) > 1:
            heads = heads[1:]
    return rows


def _continues(first: _Row, row: _Row) -> bool:
    """Whether `row` is another row of the grid that begins with `first`, and not a name with its value below it."""
    if row.name is None or len(row.values) > 1:
        return row.name is None or first.name is not None
    (value, _), name = row.values[0], row.name
    beside = name.text.rstrip().endswith((":", "=")) or name.box.x1 == value.box.x0
    return first.name is not None and not (beside and len(first.values) > 1)


def _row(line: Sequence[Item], heads: Sequence[Name]) -> _Row | None:
    """The row that `line` is: names, then values, each under another heading. None if it is not one."""
    values = [item for item in line if isinstance(item, Word)]
    if not values:
        return None
    names = [item for item in line if isinstance(item, Name) and item.box.x0 < values[-1].box.x0]
    if any(name.box.x0 > values[0].box.x0 for name in names):
        return None
    headed = [(value, _heading(value.box, heads)) for value in values if value.box.x1 > heads[0].box.x0]
    found = tuple((value, heading) for value, heading in headed if heading)
    if not found or len(found) < len(headed) or len({heading.box for _, heading in found}) < len(found):
        return None
    return _Row(names[-1] if names else None, found)


def _heading(box: Box, heads: Sequence[Name]) -> Name | None:
    """The heading whose column `box` is in: it overlaps with it most, or is aligned with it."""
    best = max(heads, key=lambda head: head.box.overlap(box).width)
    return best if best.box.overlap(box).width > 0 or best.box.in_column_of(box) else None


def _spanning(lines: Sequence[Sequence[Item]], heads: Sequence[Name]) -> list[Name]:
    """Headings that stand a little above `heads`, because they extend over two lines.

    Each is above a value of a column of its own in the last of `lines`, which end with the line of `heads` and the one
    below it.
    """
    above, below = lines[:-2], lines[-1]
    reach = heads[0].box.center[1] - MAX_RISE * heads[0].box.height
    raised = [item for others in above for item in others if isinstance(item, Name) and item.box.center[1] > reach]
    free = [value for value in below if isinstance(value, Word) and not _heading(value.box, heads)]
    return [name for name in raised if any(name.box.overlap(value.box).width > 0 for value in free)]


def _groups(above: Sequence[Sequence[Item]], heads: Sequence[Name], spanning: Sequence[Name]) -> dict[Box, Name]:
    """For each of the repeated headings `heads`, the wide one that tells it apart from its likes, of the lines `above`.

    Wide headings are centred above their columns, or begin where these begin. Those in `spanning` are of other columns.
    """
    repeated = max(Counter(head.title for head in heads).values())
    reach = heads[0].box.center[1] - MAX_PITCH * heads[0].box.height
    lines = [
        [item for item in line if isinstance(item, Name) and item not in spanning]
        for line in above
        if line[0].box.center[1] > reach
    ]
    wide = next((line for line in reversed(lines) if len(line) == repeated), [])
    if repeated < 2 or not wide:
        return {}
    flush = all(any(abs(group.box.x0 - head.box.x0) < head.box.height / 2 for head in heads) for group in wide)

    def group_of(head: Name) -> Name:
        if flush:
            begun = [group for group in wide if group.box.x0 < head.box.center[0]]
            return begun[-1] if begun else wide[0]
        return min(wide, key=lambda group: abs(group.box.center[0] - head.box.center[0]))

    return {head.box: group_of(head) for head in heads}


def _places(rows: Sequence[_Row], groups: dict[Box, Name]) -> dict[Box, Place]:
    """The places of the values of `rows`; without a row's name, only if the headings are grouped."""
    columns = len({heading.box for row in rows for _, heading in row.values})
    places: dict[Box, Place] = {}
    for row in rows:
        for index, (value, heading) in enumerate(row.values):
            group = groups.get(heading.box)
            if row.name is None and not groups:
                continue
            if row.name:
                shared = row.name.box if len(row.values) > 1 else heading.box
            else:
                shared = group.box if group else heading.box
            headings = (group, heading) if group else (heading,)
            places[value.box] = Place(row.name, headings, index == 0, columns, shared)
    return places
