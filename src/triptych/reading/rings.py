"""Printed hole counts by radius -> the number of holes in each ring, checked for consistency.

"2-4", "R<4" and ">20" all count the holes between two radii. Let F(r) be the number of holes within r. Then each
count is a difference of two values of F, and so is the total, F(inf) - F(0). Following these differences from
F(0) = 0 gives F at every radius that they determine. If two paths to one radius disagree, or F decreases, there is an
error of printing or reading.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from triptych.records.fields import TOTAL, ring_name

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Rings:
    """The result of solving the printed counts.

    Attributes:
        values: the total and the holes in each ring, under the names of `records.fields`, as far as determined.
        within: holes within each radius in micrometres.
        faults: inconsistencies, in words.
        notes: values that could not be read and were computed from the others, in words.
        confirmed: the printed counts that follow from the others, by name.
    """

    values: dict[str, float]
    within: dict[float, float]
    faults: list[str]
    notes: list[str]
    confirmed: frozenset[str] = frozenset()


def solve_rings(counts: Mapping[Bounds, float | None], total: float | None) -> Rings:
    """The holes in each ring between neighbouring radii.

    Args:
        counts: the printed count for each pair of radii in micrometres; None where it could not be read.
        total: the number of holes, if it is printed and could be read.
    """
    printed = {bounds: count for bounds, count in counts.items() if count is not None}
    within = _holes_within(printed, total)
    values = {TOTAL: within[math.inf]} if math.inf in within else {}
    faults = _contradictions(printed, total, within)
    notes = [] if total is not None or not values else [f"{TOTAL}: not legible; taken from the rings"]
    if not counts:
        return Rings(values, within, faults, notes)
    confirmed = _confirmed(printed, total)
    radii = sorted({radius for bounds in counts for radius in bounds} | {0.0, math.inf})
    for low, high in pairwise(radii):
        name = ring_name(low, high)
        if low not in within or high not in within:
            faults.append(f"{name}: not legible, and it does not follow from the total and the other rings")
            continue
        values[name] = within[high] - within[low]
        if values[name] < 0:
            faults.append(f"{name}: holds {values[name]:g} holes by the counts printed; one of them is wrong")
        if (low, high) not in printed and (high < math.inf or (low, high) in counts) and _is_interval(counts):
            notes.append(f"{name}: not legible; computed from the total and the other rings")
    return Rings(values, within, faults, notes, confirmed)


def _confirmed(printed: Mapping[Bounds, float], total: float | None) -> frozenset[str]:
    """The names of the counts in `printed`, and of `total`, that are equal to what follows from the others."""
    found = []
    for (low, high), count in printed.items():
        others = {bounds: other for bounds, other in printed.items() if bounds != (low, high)}
        within = _holes_within(others, total)
        if low in within and high in within and within[high] - within[low] == count:
            found.append(ring_name(low, high))
    if total is not None and _holes_within(printed, None).get(math.inf) == total:
        found.append(TOTAL)
    return frozenset(found)


def _holes_within(printed: Mapping[Bounds, float], total: float | None) -> dict[float, float]:
    """F at every radius that the counts determine; the total is used only if the rings do not determine F(inf)."""
    within = {0.0: 0.0}
    _follow(printed, within)
    if total is not None:
        within.setdefault(math.inf, total)
        _follow(printed, within)
    return within


def _follow(printed: Mapping[Bounds, float], within: dict[float, float]) -> None:
    """Extend `within` along the printed differences as far as possible."""
    found = True
    while found:
        found = False
        for (low, high), count in printed.items():
            if low in within and high not in within:
                within[high], found = within[low] + count, True
            elif high in within and low not in within:
                within[low], found = within[high] - count, True


def _contradictions(printed: Mapping[Bounds, float], total: float | None, within: Mapping[float, float]) -> list[str]:
    faults = []
    if total is not None and within[math.inf] != total:
        faults.append(f"{TOTAL}: {total:g} is printed, but the rings sum to {within[math.inf]:g}")
    for (low, high), count in printed.items():
        if low in within and high in within and within[high] - within[low] != count:
            follows = within[high] - within[low]
            faults.append(f"{ring_name(low, high)}: {count:g} is printed, but {follows:g} follows from the others")
    return faults


def _is_interval(counts: Mapping[Bounds, float | None]) -> bool:
    """Whether most counts are per ring, not of all holes within a radius."""
    return sum(low > 0 for low, _ in counts) > len(counts) / 2
