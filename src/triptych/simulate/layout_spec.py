"""The specification of a machine's sheet: the positions of plot and table, and how fields are named and printed.

A layout is data. The fields of its blocks have the names of `triptych.records.fields`, so that the printed values can
be listed as truth, whatever the sheet calls them.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from triptych.records.fields import ring_name
from triptych.simulate.fonts import Font

RGB = tuple[int, int, int]
Align = Literal["left", "middle", "right"]
RingStyle = Literal["interval", "cumulative"]

RING_EDGES = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0)  # um; the last ring is open
RINGS = tuple(pairwise((*RING_EDGES, math.inf)))  # (low, high) of each, um


@dataclass(frozen=True)
class Block:
    """Fields printed at one pitch, in rows or in columns.

    Attributes:
        fields: (name, printed label) of each; the name is a reading's, or the label itself for an extra field.
        origin: px, x and y of the first label.
        pitch: px, from one label to the next.
        value: px, from a label to its value, beside or below it.
        label_align: which part of a label is at its x.
        value_align: which part of a value is at its x.
        ruled: whether lines separate the fields.
    """

    fields: tuple[tuple[str, str], ...]
    origin: tuple[int, int]
    pitch: tuple[int, int]
    value: tuple[int, int]
    label_align: Align = "left"
    value_align: Align = "right"
    ruled: bool = False


@dataclass(frozen=True)
class Colours:
    """The colours of a sheet, apart from its dots."""

    paper: RGB = (255, 255, 255)
    ground: RGB = (255, 255, 255)  # of the plot
    target: RGB = (150, 150, 150)  # circles and cross lines
    frame: RGB = (40, 40, 40)
    ink: RGB = (0, 0, 0)
    banner: RGB | None = None  # behind the title, whose ink is then white


@dataclass(frozen=True)
class LayoutSpec:
    """The layout of one machine.

    Attributes:
        name: its name in tables.
        size: px, width and height of the sheet.
        title: the heading.
        plot: px, left and top of the square plot, and its side.
        half_range: um, from the plot's centre to its frame.
        circles: um, radii of the target circles.
        ticks: um, positions of numbers along the left and the lower side of the plot; may be empty.
        blocks: the table; together they print every reading, except the open ring if rings are cumulative.
        extras: another block, for fields that are not readings of the holes.
        um_per_unit: um in the unit of the printed moments.
        decimals: decimal places of the moments.
        plus: whether a positive mean is printed with a sign.
        rings: `interval` prints the holes in each ring, `cumulative` those within each radius; then the open ring
            follows from the total and is not printed.
        font: one of Pillow's fonts.
        font_size: px.
        pinks: the colours of this machine's dots.
        colours: all other colours.
    """

    name: str
    size: tuple[int, int]
    title: str
    plot: tuple[int, int, int]
    half_range: float
    circles: tuple[float, ...]
    blocks: tuple[Block, ...]
    um_per_unit: float
    decimals: int
    plus: bool
    rings: RingStyle
    font: Font
    font_size: int
    pinks: tuple[RGB, ...]
    colours: Colours = Colours()
    extras: Block | None = None
    ticks: tuple[float, ...] = ()

    @property
    def px_per_um(self) -> float:
        """The scale of the plot."""
        return self.plot[2] / (2 * self.half_range)


def ring_fields(inner: str, last: str | None, um_per_unit: float = 1.0) -> tuple[tuple[str, str], ...]:
    """The rings as a block's fields.

    Args:
        inner: the label of a bounded ring, a format string of `low` and `high` in the sheet's unit.
        last: the same for the open ring, or None if it is not printed.
        um_per_unit: um in the unit of the labels.
    """
    templates = [inner] * (len(RINGS) - 1) + [last]
    return tuple(
        (ring_name(low, high), template.format(low=low / um_per_unit, high=high / um_per_unit))
        for (low, high), template in zip(RINGS, templates, strict=True)
        if template is not None
    )
