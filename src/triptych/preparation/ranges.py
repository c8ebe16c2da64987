"""The range of a number among the training records, and the limits beyond which a value raises an alarm.

The limits are wide. A value that the same process can produce must not raise an alarm, even with few training records
or heavy tails. A value in another unit, or of another column, must raise one. On each side, the limit lies beyond the
extreme training value by the largest of

- `REACH` times the distance from the median to that extreme, increased for few values (`REACH * (1 + FEW / n)`),
- `WIDTH` times the distance between both extremes,
- `RELATIVE` times the larger magnitude of both, which covers constants,
- `STEPS`, if all training values are whole numbers, which covers rare counts and flags.

One extreme value on each side is ignored if it lies further from the others than `LONE` times their range, so that a
single wrong number among the training records does not disable the alarm.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

REACH, FEW, WIDTH, RELATIVE, STEPS = 3.0, 20, 0.5, 0.1, 3.0
LONE = 10.0
LEAST_FOR_LONE = 8  # values; with fewer, none is ignored


@dataclass(frozen=True)
class Range:
    """The range `low` to `high` of training values, and the limits `least` and `most` of values without an alarm."""

    low: float
    high: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Range | None":
        """The range of the finite ones of `values`; None if there are none."""
        ordered = sorted(value for value in values if math.isfinite(value))
        if not ordered:
            return None
        whole = all(value.is_integer() for value in ordered)
        kept = _without_lone(ordered)
        low, high, median = kept[0], kept[-1], kept[len(kept) // 2]
        floor = max(WIDTH * (high - low), RELATIVE * max(abs(low), abs(high)), STEPS if whole else 0.0)
        reach = REACH * (1 + FEW / len(kept))
        return cls(low, high, low - max(reach * (median - low), floor), high + max(reach * (high - median), floor))

    def holds(self, value: float) -> bool:
        """Whether `value` raises no alarm."""
        return self.least <= value <= self.most


def _without_lone(ordered: Sequence[float]) -> Sequence[float]:
    """`ordered` values without one extreme value on each side that lies far from all others."""
    if len(ordered) >= LEAST_FOR_LONE and _far(ordered[-1] - ordered[-2], ordered[:-1]):
        ordered = ordered[:-1]
    if len(ordered) >= LEAST_FOR_LONE and _far(ordered[1] - ordered[0], ordered[1:]):
        ordered = ordered[1:]
    return ordered


def _far(gap: float, others: Sequence[float]) -> bool:
    """Whether `gap` is large compared with the range of `others`, or with their magnitude; false if all are 0."""
    scale = max(others[-1] - others[0], RELATIVE * max(abs(others[0]), abs(others[-1])))
    return scale > 0 and gap > LONE * scale
