"""Recognises numbers along a plot's axes as tick labels, which are not values.

Tick labels are evenly spaced: number and position change in proportion.
"""

from collections.abc import Sequence

import numpy as np

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.plot import Plot
from triptych.reading.units import parse_number

REACH = 0.25  # greatest distance of a tick label from the frame, in half sides of the plot
EVENNESS = 0.02  # greatest deviation of a tick label from even spacing, in half sides of the plot
LEAST = 3  # fewer numbers in a line are not an axis


def without_ticks(words: Sequence[Word], plot: Plot) -> list[Word]:
    """`words` of a page without those inside `plot` and without the tick labels along its four sides."""
    outside = [word for word in words if max(_offset(word.box, plot, 0), _offset(word.box, plot, 1)) > 1]
    ticks: list[Word] = []
    for axis in (0, 1):
        for side in (-1, 1):
            ticks += _even_numbers([w for w in outside if _beside(w.box, plot, axis, side)], 1 - axis, plot)
    return [word for word in outside if word not in ticks]


def _offset(box: Box, plot: Plot, axis: int) -> float:
    """The distance of the centre of `box` from the plot's centre along `axis`, in half sides."""
    return abs(box.center[axis] - plot.center[axis]) / plot.half


def _beside(box: Box, plot: Plot, axis: int, side: int) -> bool:
    """Whether `box` lies outside the plot, near its `side` (-1 or 1) along `axis`."""
    beyond = side * (box.center[axis] - plot.center[axis]) / plot.half - 1
    return 0 < beyond < REACH and _offset(box, plot, 1 - axis) <= 1 + REACH


def _even_numbers(words: Sequence[Word], axis: int, plot: Plot) -> list[Word]:
    """The numbers among `words`, if there are at least `LEAST` and they are evenly spaced along `axis`; else none."""
    numbers = [(word, number.value) for word in words if (number := parse_number(word.text))]
    values = np.array([value for _, value in numbers])
    if len(numbers) < LEAST or np.ptp(values) == 0:
        return []
    places = np.array([word.box.center[axis] for word, _ in numbers])
    slope, start = np.polyfit(values, places, 1)
    even = np.abs(start + slope * values - places).max() < EVENNESS * plot.half
    return [word for word, _ in numbers] if even else []
