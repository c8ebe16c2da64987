"""Axis-aligned rectangles on a page, and their relative positions."""

import math
from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels: left, top, right, bottom; right and bottom are exclusive."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.y1 - self.y0

    @property
    def center(self) -> tuple[float, float]:
        """The centre (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def moved(self, dx: float, dy: float) -> "Box":
        """The same rectangle `dx` further right and `dy` further down."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grown(self, across: float, down: float) -> "Box":
        """The rectangle extended by `across` on the left and right, and by `down` at the top and bottom."""
        return Box(self.x0 - across, self.y0 - down, self.x1 + across, self.y1 + down)

    def union(self, other: "Box") -> "Box":
        """The smallest rectangle around both."""
        return Box(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))

    @classmethod
    def around(cls, boxes: Iterable["Box"]) -> "Box":
        """The smallest rectangle around all `boxes`, of which there must be one at least."""
        return reduce(cls.union, boxes)

    def overlap(self, other: "Box") -> "Box":
        """The intersection; its width or height is negative where the two do not intersect."""
        return Box(*map(max, self[:2], other[:2]), *map(min, self[2:], other[2:]))

    def meets(self, other: "Box") -> bool:
        """Whether the two have an area in common."""
        common = self.overlap(other)
        return common.width > 0 and common.height > 0

    def inside(self, shape: tuple[int, ...]) -> "Box":
        """The box rounded outwards to whole pixels and clipped to a picture of `shape` [H, W, ...]."""
        height, width = shape[:2]
        x0, y0 = min(max(0, math.floor(self.x0)), width), min(max(0, math.floor(self.y0)), height)
        x1, y1 = min(width, math.ceil(self.x1)), min(height, math.ceil(self.y1))
        return Box(x0, y0, max(x0, x1), max(y0, y1))

    def contains(self, point: tuple[float, float]) -> bool:
        """Whether the point (x, y) lies in it."""
        return self.x0 <= point[0] <= self.x1 and self.y0 <= point[1] <= self.y1

    def on_line_of(self, other: "Box") -> bool:
        """Whether both are on the same line of print."""
        return abs(self.center[1] - other.center[1]) < 0.5 * max(self.height, other.height)

    def flush_with(self, other: "Box") -> bool:
        """Whether their left edges or their right edges are aligned."""
        return min(abs(self.x0 - other.x0), abs(self.x1 - other.x1)) < min(self.height, other.height)

    def centred_on(self, other: "Box") -> bool:
        """Whether their centres are aligned vertically."""
        return abs(self.center[0] - other.center[0]) < min(self.height, other.height)

    def in_column_of(self, other: "Box") -> bool:
        """Whether their left edges, right edges or centres are aligned."""
        return self.flush_with(other) or self.centred_on(other)
