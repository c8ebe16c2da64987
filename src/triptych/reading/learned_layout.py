"""Learned layouts: where a machine prints its values, so that the next record needs no search for text.

A layout is learned from one record that was read in full and is consistent. It holds the picture's size, a template
image of each name, and the free space around each value, with room for a sign and more digits. A new record matches
the layout if all names are found at their positions; then only the regions of the values are read. The layout also
holds what all records of one machine share: the scale of the plot, the number of decimals, and a classifier of the
printed characters (`glyphs`). A value is read with it alone, without OCR, once it has given the text that OCR gave in
`TRIAL` records. Print in a place where no earlier record had any (`print_map`) may be a further value.

A given layout was written or corrected by a person (`layout_file`). It is never changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box
from triptych.reading.cell import Cell, Key
from triptych.reading.checks import KnownLayout
from triptych.reading.glyphs import Glyphs, Line, find_line
from triptych.reading.ignored import NOTHING, Ignored
from triptych.reading.ink import extent, free_space
from triptych.reading.print_map import PrintMap
from triptych.reading.slot import BEYOND, Slot, slot_from_json, slot_to_json
from triptych.reading.units import as_digits
from triptych.records.fields import MOMENTS

Gray = NDArray[np.uint8]

SEARCH = 12  # px by which a name may have moved; rows of a table are further apart
LIKENESS = 0.72  # least correlation with the template of the name
GROWTH = 4.0  # heights of a digit on each side of a value, for wider values
MARGIN = 0.35  # heights of a digit above and below a value
MAX_FRUITLESS = 3  # searches for further values without result, after which print in new places is ignored
LEAST_SIDE = 4  # px of a name's template
LEAST_SPREAD = 1.0  # grey levels; an area with less has no print
MAX_SCALES = 25  # records whose scales are kept for the median


@dataclass(frozen=True)
class LayoutMatch:
    """The match of a record with a layout: how well its names match, and the region of each value."""

    likeness: float
    regions: Mapping[Slot, Box]

    def lines(self, gray: Gray) -> dict[Key, Line]:
        """The lines of print in the regions of the page `gray` [H, W], by the keys of their slots."""
        found = ((slot.key, find_line(gray, region)) for slot, region in self.regions.items())
        return {key: line for key, line in found if line}


@dataclass(frozen=True)
class Layout:
    """How one machine prints a record.

    Attributes:
        size: px, width and height of its pictures.
        slots: the positions of its values.
        decimals: decimal places of its moments, None if they differ.
        scales: micrometres per outer radius of the plot, one for each of up to `MAX_SCALES` consistent records.
        glyphs: the known characters.
        printed: where its records have print; None if that is not known.
        fruitless: records that were searched because of print in a new place, without finding another value.
        name: the name of a given layout; "" for a learned one.
        given: whether a person gave it: exactly its values are read, and it is never changed.
        ignored: what is never read in a record of this layout.
        unnamed: numbers whose names could not be found.
    """

    size: tuple[int, int]
    slots: tuple[Slot, ...]
    decimals: int | None = None
    scales: tuple[float, ...] = ()
    glyphs: Glyphs = field(default_factory=Glyphs, compare=False)
    printed: PrintMap | None = field(default=None, repr=False, compare=False)
    fruitless: int = field(default=0, compare=False)
    name: str = ""
    given: bool = False
    ignored: Ignored = NOTHING
    unnamed: int = 0

    @property
    def known(self) -> KnownLayout:
        """The properties that a new record of this layout is checked against."""
        return KnownLayout(median(self.scales) if self.scales else None, self.decimals, self.given)

    def match(self, gray: Gray) -> LayoutMatch | None:
        """Match the deskewed page `gray` [H, W] with this layout; None if it does not match.

        Every name of a known field must be found, and half of all names; names of other fields may be missing. Of a
        given layout more than half of the names must be found, and values without a name move with the others.
        """
        found = self._find_names(gray)
        named = [slot for slot in self.slots if slot.patch is not None]
        lost = [slot for slot in named if slot not in found]
        if not found or (2 * len(found) <= len(named) if self.given else any(slot.label for slot in lost)):
            return None
        if 2 * len(found) < len(named):
            return None
        dx, dy = (median(getattr(place, axis) for place in found.values()) for axis in ("dx", "dy"))
        regions = {
            slot: slot.region.moved(found[slot].dx, found[slot].dy) if slot in found else slot.region.moved(dx, dy)
            for slot in self.slots
            if slot not in lost
        }
        return LayoutMatch(float(np.mean([place.likeness for place in found.values()])), regions)

    def resembles(self, gray: Gray) -> bool:
        """Whether the page `gray` [H, W] has the size of this layout and one of its names, if it has any."""
        named = any(slot.patch is not None for slot in self.slots)
        return (gray.shape[1], gray.shape[0]) == self.size and (not named or bool(self._find_names(gray)))

    def _find_names(self, gray: Gray) -> "dict[Slot, _PatchMatch]":
        """The slots whose names are found in `gray` near their positions; none if the page has another size."""
        if (gray.shape[1], gray.shape[0]) != self.size:
            return {}
        places = {slot: _find_patch(gray, slot.label_box, slot.patch) for slot in self.slots if slot.patch is not None}
        return {slot: place for slot, place in places.items() if place is not None}

    def may_hold_more(self, match: LayoutMatch, printed: PrintMap) -> bool:
        """Whether a record with the print `printed` may have values that no earlier record had."""
        if self.printed is None or self.fruitless >= MAX_FRUITLESS:
            return False
        return self.printed.has_new(printed, match.regions.values())

    def shown(self, lines: Mapping[Key, Line]) -> dict[Key, str]:
        """The values that known characters show clearly, by the keys of their slots, in the `lines` of a page."""
        texts = ((key, self.glyphs.read(line)) for key, line in lines.items())
        return {key: text for key, text in texts if text is not None}

    def with_print(self, printed: PrintMap, *, fruitless: bool = False) -> "Layout":
        """The layout with the print of one more record; `fruitless`: a search of it found no further value."""
        joined = self.printed.joined(printed) if self.printed else printed
        return replace(self, printed=joined, fruitless=self.fruitless + fruitless)

    def compared(self, lines: Mapping[Key, Line], cells: Sequence[Cell], shown: Mapping[Key, str]) -> "Layout":
        """The layout after a record whose verified `cells` OCR read in `lines`; known characters gave `shown`."""
        by_key, glyphs = {cell.key: cell for cell in cells}, self.glyphs
        slots = []
        for slot in self.slots:
            cell, line = by_key.get(slot.key), lines.get(slot.key)
            if cell and line:
                slot = slot.compared(cell, shown.get(slot.key))
                glyphs = glyphs.learned(line, as_digits(cell.value.text))
            slots.append(slot)
        return replace(self, slots=tuple(slots), glyphs=glyphs)

    def with_scale(self, um_per_radius: float | None) -> "Layout":
        """The layout with the scale of one more record."""
        if um_per_radius is None or len(self.scales) >= MAX_SCALES:
            return self
        return replace(self, scales=(*self.scales, um_per_radius))

    def merged(self, newer: "Layout") -> "Layout":
        """The layout refined with `newer`, learned from another record of the same table."""
        others = {slot.key: slot for slot in newer.slots}
        slots = [slot.merged(others.pop(slot.key)) if slot.key in others else slot for slot in self.slots]
        scales = (*self.scales, *newer.scales)[:MAX_SCALES]
        unnamed = max(self.unnamed, newer.unnamed)
        return replace(self, slots=(*slots, *others.values()), scales=scales, unnamed=unnamed)

    def to_json(self) -> dict[str, Any]:
        """The layout as plain data for a JSON file; `from_json` reads it."""
        return {
            "size": list(self.size),
            "decimals": self.decimals,
            "scales": list(self.scales),
            "slots": [slot_to_json(slot) for slot in self.slots],
            "glyphs": self.glyphs.to_json(),
            "printed": self.printed and self.printed.to_json(),
            "fruitless": self.fruitless,
            "unnamed": self.unnamed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Layout":
        """The layout that `to_json` wrote.

        Raises:
            KeyError, ValueError, TypeError: `data` is not a layout.
        """
        width, height = data["size"]
        slots = tuple(slot_from_json(slot) for slot in data["slots"])
        printed = PrintMap.from_json(data["printed"]) if data.get("printed") else None
        return cls(
            size=(int(width), int(height)),
            slots=slots,
            decimals=data["decimals"],
            scales=tuple(data["scales"]),
            glyphs=Glyphs.from_json(data["glyphs"]) if "glyphs" in data else Glyphs(),
            printed=printed,
            fruitless=int(data.get("fruitless", 0)),
            unnamed=int(data.get("unnamed", 0)),
        )


def learn_layout(gray: Gray, cells: Sequence[Cell], um_per_radius: float | None, unnamed: int = 0) -> Layout | None:
    """The layout of a fully read record; None if a position is unclear.

    Args:
        gray: the page, [H, W].
        cells: its cells; those without a name have no place in the layout.
        um_per_radius: the scale of its plot, if it is known.
        unnamed: `Layout.unnamed`.
    """
    occupied = [box for cell in cells for box in (cell.label_box, cell.value.box)]
    slots = []
    for cell in (cell for cell in cells if cell.name):
        slot = _learn_slot(gray, cell, occupied)
        if slot is not None:
            slots.append(slot)
        elif cell.label is not None:
            return None
    decimals = {cell.number.decimals for cell in cells if cell.field in MOMENTS and cell.number}
    scales = () if um_per_radius is None else (um_per_radius,)
    size = (gray.shape[1], gray.shape[0])
    same = decimals.pop() if len(decimals) == 1 else None
    return Layout(size, tuple(slots), same, scales, unnamed=unnamed)


def is_cut(gray: Gray, region: Box) -> bool:
    """Whether the ink in `region` of the page `gray` touches its left or right edge, so that some may lie outside."""
    return any(cut_sides(gray, region))


def cut_sides(gray: Gray, region: Box) -> tuple[bool, bool]:
    """Whether the ink in `region` of the page `gray` touches its left edge, and whether it touches its right edge."""
    ink = extent(gray, region)
    if ink is None:
        return False, False
    return ink.x0 <= region.x0 and region.x0 > 0, ink.x1 >= region.x1 and region.x1 < gray.shape[1]


def _learn_slot(gray: Gray, cell: Cell, occupied: Sequence[Box]) -> Slot | None:
    tight = extent(gray, cell.value.box)
    if tight is None:
        return None
    label_box = cell.label_box.inside(gray.shape)
    x0, y0, x1, y1 = (int(v) for v in label_box)
    if is_blank(gray[y0:y1, x0:x1]):
        return None
    others = [box for box in occupied if box is not cell.value.box]
    region = value_region(gray, tight, tight.height, others)
    patch = gray[y0:y1, x0:x1].copy()
    return Slot(cell.name, cell.label, label_box, tight, region, patch, mark=cell.mark)


def is_blank(patch: Gray) -> bool:
    """Whether `patch` [h, w] cannot be the template of a name: it is tiny, or nothing is printed in it."""
    return min(patch.shape) < LEAST_SIDE or bool(patch.std() < LEAST_SPREAD)


def value_region(gray: Gray, used: Box, height: float, others: Sequence[Box]) -> Box:
    """The free space of the page `gray` that a value may take, around its box `used` and up to `others` on its line.

    Args:
        gray: the page, [H, W].
        used: the box around the value.
        height: the height of its digits.
        others: the boxes of other values and of names.
    """
    limits = used.grown(GROWTH * height, MARGIN * height)
    for other in others:
        if other.y0 < used.y1 and other.y1 > used.y0:
            if other.x1 <= used.x0 + 1:
                limits = limits._replace(x0=max(limits.x0, min(other.x1, used.x0)))
            elif other.x0 >= used.x1 - 1:
                limits = limits._replace(x1=min(limits.x1, max(other.x0, used.x1)))
    return free_space(gray, used, limits).union(used.grown(BEYOND, 0))


@dataclass(frozen=True)
class _PatchMatch:
    likeness: float
    dx: int
    dy: int


def _find_patch(gray: Gray, box: Box, patch: Gray) -> _PatchMatch | None:
    """The position of the name `patch` in `gray`, near its position `box` in the layout."""
    import cv2

    x0, y0, x1, y1 = (int(v) for v in box)
    left, top = max(0, x0 - SEARCH), max(0, y0 - SEARCH)
    window = gray[top : y1 + SEARCH, left : x1 + SEARCH]
    scores = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
    _, likeness, _, (x, y) = cv2.minMaxLoc(scores)
    return _PatchMatch(float(likeness), left + x - x0, top + y - y0) if likeness >= LIKENESS else None
