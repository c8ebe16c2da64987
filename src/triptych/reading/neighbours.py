"""Which printed things stand next to each other on a page."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from triptych.reading.box import Box

MAX_GAP = 16.0  # heights of text between a name and its value on the same line
MAX_OVERLAP = 0.6  # heights of text by which neighbouring boxes may overlap
LEAST_OVERLAP = 0.2  # widths by which things in one column overlap; boxes extend a little beyond their print
MAX_PITCH = 3.0  # heights of text between a heading and the first value under it


class Placed(Protocol):
    """Anything with a box."""

    @property
    def box(self) -> Box:
        """Its place on the page."""


_Placed = TypeVar("_Placed", bound=Placed)


def nearest_left(box: Box, items: Iterable[_Placed]) -> _Placed | None:
    """The nearest item to the left of `box` on the same line."""
    left = [
        item
        for item in items
        if item.box.x0 < box.x0
        and item.box.on_line_of(box)
        and -MAX_OVERLAP * box.height <= box.x0 - item.box.x1 < MAX_GAP * max(box.height, item.box.height)
    ]
    return max(left, key=lambda item: item.box.x1, default=None)


def in_one_column(first: Box, second: Box) -> bool:
    """Whether one of two boxes on different lines is above the other."""
    return first.overlap(second).width > LEAST_OVERLAP * min(first.width, second.width)
