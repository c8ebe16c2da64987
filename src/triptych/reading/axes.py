"""The scale of a plot from the numbers along its axes.

Value and position change in proportion. OCR loses minus signs and misreads single numbers, so the proportion is the one
with which most numbers agree, with or without a minus sign.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from triptych.reading.ocr import Word
from triptych.reading.units import UNIT_PATTERN, UNITS, parse_number, tidy

LEAST = 3  # fewer numbers in a line are not an axis
AGREEING = 0.75  # least share of the numbers in a line that agree with one proportion
MAX_NUMBERS = 25  # more numbers in a line are not an axis
_TICK_MARKS = " -–—+·._|"  # as which OCR reads a tick mark behind a label
_UNIT = re.compile(rf"[^=:\d]*[\[(/,]\s*({UNIT_PATTERN})\s*[\])]?|({UNIT_PATTERN})")


@dataclass(frozen=True)
class Axis:
    """The labels of one axis.

    Attributes:
        labels: the words that agree.
        zero: px, the position of the value 0.
        per_px: how much the value rises with each px.
    """

    labels: tuple[Word, ...]
    zero: float
    per_px: float


@dataclass(frozen=True)
class Scale:
    """What the labels of both axes say.

    Attributes:
        zero: px, (x, y) of the values 0.
        per_px: values in a px, across and down.
        unit: micrometres in the unit that is printed at the axes; None if there is none.
    """

    zero: tuple[float, float]
    per_px: tuple[float, float]
    unit: float | None


def fit_axis(words: Sequence[Word], direction: int, tolerance: float) -> Axis | None:
    """The axis that the numbers among `words` label along `direction` (0: x, 1: y), within `tolerance` px, or None."""
    numbers = [(word, number.value) for word in words if (number := parse_number(word.text.rstrip(_TICK_MARKS)))]
    if not LEAST <= len(numbers) <= MAX_NUMBERS:
        return None
    places = np.array([word.box.center[direction] for word, _ in numbers])
    values = np.array([value for _, value in numbers])
    most, best = 0, np.zeros(len(values), dtype=bool)
    for i, j in combinations(range(len(values)), 2):
        if values[i] == values[j] or abs(places[i] - places[j]) <= tolerance:
            continue
        slope = (values[j] - values[i]) / (places[j] - places[i])
        expected = values[i] + slope * (places - places[i])
        agree = np.minimum(np.abs(values - expected), np.abs(-np.abs(values) - expected)) <= tolerance * abs(slope)
        if agree.sum() > most:
            most, best = int(agree.sum()), agree
            signed = np.where(np.abs(values - expected) <= tolerance * abs(slope), values, -np.abs(values))
    if most < max(LEAST, AGREEING * len(values)) or len(set(places[best].round())) < LEAST:
        return None
    slope, start = np.polyfit(places[best], signed[best], 1)
    labels = tuple(word for (word, _), chosen in zip(numbers, best, strict=True) if chosen)
    return Axis(labels, float(-start / slope), float(slope))


def axis_unit(words: Sequence[Word]) -> float | None:
    """Micrometres in the unit of an axis title among `words` ("x [um]", "y / mm", "um"); None without one unit."""
    found = {UNITS[match[1] or match[2]] for word in words if (match := _UNIT.fullmatch(tidy(word.text).lower()))}
    return found.pop() if len(found) == 1 else None
