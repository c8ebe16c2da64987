"""Layouts that a person gave: finding the one of a page, judging what it could not read, and what it ignores.

A given layout takes the place of all guessing. If more than half of its names are at their positions, exactly its
values are read. A value with a known meaning that cannot be read is a problem, and the record goes to review.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.checks import name_of
from triptych.reading.ink import extent
from triptych.reading.learned_layout import Layout, LayoutMatch, cut_sides
from triptych.reading.ocr import Word
from triptych.reading.page import LEAST_HEIGHT, Page
from triptych.reading.reading import Reading
from triptych.reading.search import TURNS
from triptych.reading.slot import Slot
from triptych.records.fields import MOMENTS


@dataclass(frozen=True)
class GivenMatch:
    """A page of a given layout.

    Attributes:
        index: the index of the layout.
        layout: the layout.
        page: the page, turned upright.
        match: the positions of the layout's values on the page.
    """

    index: int
    layout: Layout
    page: Page
    match: LayoutMatch

    def cells(self) -> list[Cell]:
        """The cells of the layout, with the regions where their values are to be read."""
        return [slot.cell(Word("", region, 0.0)) for slot, region in self.match.regions.items()]

    def judged(self, reading: Reading, cells: Sequence[Cell]) -> Reading:
        """`reading` with the problems of values that could not be read, and without what the layout ignores.

        Args:
            reading: the reading of the page.
            cells: those of `cells()` with their values, in the same order.
        """
        problems = self._problems(cells)
        doubted = {problem.partition(":")[0] for problem in problems}
        fields = [replace(f, certainty="doubtful") if f.name in doubted else f for f in reading.fields]
        return replace(
            reading,
            ok=reading.ok and not problems,
            values={name: v for name, v in reading.values.items() if not self.layout.ignored.hides_name(name)},
            problems=[*problems, *reading.problems],
            fields=tuple(fields),
        )

    def _problems(self, cells: Sequence[Cell]) -> list[str]:
        places = zip(cells, self.match.regions.items(), strict=True)
        unread = (self._unread(cell, slot, region) for cell, (slot, region) in places)
        return [*self._without_name(), *filter(None, unread)]

    def _without_name(self) -> list[str]:
        lost = [slot.cell(Word("", slot.region, 0.0)) for slot in self.layout.slots if slot not in self.match.regions]
        return [f"{name_of(cell)}: its printed name was not found at its place" for cell in lost if cell.field]

    def _unread(self, cell: Cell, slot: Slot, region: Box) -> str | None:
        cut = zip(cut_sides(self.page.gray, region), slot.bounded, strict=True)
        if any(touched and not bounded for touched, bounded in cut):
            return f"{name_of(cell)}: the print is wider than its place in the layout {self.layout.name!r}"
        if cell.number or cell.field in MOMENTS or (cell.value.text and cell.field is None):
            return None  # the checks report a mean or sigma that is not a number
        ink = extent(self.page.gray, region)
        printed = ink is not None and ink.height >= LEAST_HEIGHT
        if cell.field is None and not printed:
            return None  # a field may be left blank
        return f"{name_of(cell)}: {'not legible' if printed else 'nothing is printed at its place'}"


def match_given(layouts: Sequence[Layout], image: Image.Image, page: Page) -> GivenMatch | None:
    """The given one of `layouts` that matches the picture `image` best, in any quarter turn; `page` is its page."""
    given = [(index, layout) for index, layout in enumerate(layouts) if layout.given]
    for quarters in (0, *TURNS) if given else ():
        turned = np.ascontiguousarray(np.rot90(page.gray, quarters))
        likely = [(index, layout) for index, layout in given if layout.match(turned)]
        upright = Page.of(image, quarters) if likely and quarters else page
        found = [
            GivenMatch(index, layout, upright, match)
            for index, layout in likely
            if (match := layout.match(upright.gray))
        ]
        if found:
            return max(found, key=lambda each: each.match.likeness * len(each.match.regions) / len(each.layout.slots))
    return None


def without_ignored(layouts: Sequence[Layout], page: Page, cells: Sequence[Cell]) -> list[Cell]:
    """`cells`, found by a search of `page`, without those that a given layout with a name on the page ignores."""
    ignored = [layout.ignored for layout in layouts if layout.given and layout.resembles(page.gray)]
    return [cell for cell in cells if not any(each.hides(cell) for each in ignored)]
