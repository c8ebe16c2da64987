"""Numbers along a plot's axes are ticks, not values.

What tells them is that they rise evenly: from one to the next, number and place change in proportion.
"""

from collections.abc import Sequence

import numpy as np

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.plot import Plot
from triptych.reading.units import parse_number

REACH = 0.25  # of half the plot: how far outside of its frame ticks may stand
EVENNESS = 0.02  # of half the plot: how far one may be from its place
LEAST = 3  # fewer numbers in line are no axis


def without_ticks(words: Sequence[Word], plot: Plot) -> list[Word]:
    """`words` of a page without those on `plot` and without the numbers along its four sides."""
    outside = [word for word in words if max(_offset(word.box, plot, 0), _offset(word.box, plot, 1)) > 1]
    ticks: list[Word] = []
    for axis in (0, 1):
        for side in (-1, 1):
            ticks += _even_numbers([w for w in outside if _beside(w.box, plot, axis, side)], 1 - axis, plot)
    return [word for word in outside if word not in ticks]


def _offset(box: Box, plot: Plot, axis: int) -> float:
    """How far the middle of `box` is from the plot's centre along `axis`, in half sides."""
    return abs(box.center[axis] - plot.center[axis]) / plot.half


def _beside(box: Box, plot: Plot, axis: int, side: int) -> bool:
    """Whether `box` lies outside of the plot, near to its `side` (-1 or 1) along `axis`."""
    beyond = side * (box.center[axis] - plot.center[axis]) / plot.half - 1
    return 0 < beyond < REACH and _offset(box, plot, 1 - axis) <= 1 + REACH


def _even_numbers(words: Sequence[Word], axis: int, plot: Plot) -> list[Word]:
    """Those of `words` that are numbers, if they are at least `LEAST` and proportional to their places along `axis`."""
    numbers = [(word, number.value) for word in words if (number := parse_number(word.text))]
    values = np.array([value for _, value in numbers])
    if len(numbers) < LEAST or np.ptp(values) == 0:
        return []
    places = np.array([word.box.center[axis] for word, _ in numbers])
    slope, start = np.polyfit(values, places, 1)
    even = np.abs(start + slope * values - places).max() < EVENNESS * plot.half
    return [word for word, _ in numbers] if even else []
