"""Consistency checks of a record: its table against itself and against its plot.

The rings must sum to the total, cumulative counts must rise, the plot must show the printed mean and sigma, the rings'
radii must allow the printed moments, and further statistics must be in order (`printed_statistics`). A failed check is
reported in words. A value with exactly one possible correction is repaired, and the repair is reported. No field is
required: a check runs if its fields are printed. But if one of x and y is printed, so must be the other.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from triptych.reading.cell import Cell, Key
from triptych.reading.measures import RINGS, PlotMeasures
from triptych.reading.moments import NOT_FOUND, Moments, check_moments
from triptych.reading.printed_names import RING
from triptych.reading.printed_statistics import compare_statistics
from triptych.reading.rings import Rings, solve_rings
from triptych.reading.units import further_number, is_missing
from triptych.records.fields import MOMENTS, TOTAL, ring_name

_JOINED = re.compile(r"(\d{2,})\.(\d+) ?%")
SHARE_TOLERANCE = 0.25  # of all holes; the middle of the plot may be one blot, so its shares are not exact


@dataclass(frozen=True)
class CheckedTable:
    """The checked table of a record.

    Attributes:
        values: under the names of `records.fields`, in micrometres; other fields under their printed names, as printed.
        faults: what is missing or inconsistent, in words.
        notes: repairs, in words.
        absent: the faults that only state that something was not found.
        um_per_radius: micrometres in the plot's outer radius, if known.
        own_scale: the same, from this record's own sigmas alone.
        suspects: the keys of the cells that should be read again.
        confirmed: what confirms a value, in words, by the name of its field.
    """

    values: dict[str, float | str]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    absent: tuple[str, ...]
    um_per_radius: float | None
    own_scale: float | None
    suspects: frozenset[Key]
    confirmed: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything was found and is consistent, possibly after repairs."""
        return not self.faults


@dataclass(frozen=True)
class KnownLayout:
    """Properties of a layout that are known before reading.

    Attributes:
        um_per_radius: the scale of its plot.
        decimals: the decimals of its moments.
        complete: whether a person stated its fields, so that no other field is expected.
    """

    um_per_radius: float | None = None
    decimals: int | None = None
    complete: bool = False


def check(cells: Sequence[Cell], plot: PlotMeasures | None, known: KnownLayout | None = None) -> CheckedTable:
    """The values of `cells`, checked against one another and against `plot`."""
    known = known or KnownLayout()
    cells = _with_counts(cells)
    fields = {cell.field: cell for cell in cells if cell.field and cell.field != RING}
    moments = check_moments(fields, plot, known.um_per_radius, known.decimals, paired=not known.complete)
    rings = solve_rings(_counts(cells), _count(fields.get(TOTAL)))
    statistics = compare_statistics(cells)
    agreeing = {name: words for names, words in statistics.confirmed for name in names}
    confirmed = moments.shown | agreeing | _confirmed_counts(cells, rings)
    faults = [*rings.faults, *moments.faults, *statistics.problems, *_nameless_counts(cells)]
    faults += [f"{name_of(cell)}: more is printed than {cell.value.text!r}" for cell in cells if _is_partial(cell)]
    faults += [
        f"{name_of(cell)}: read as {cell.value.text!r} and as {cell.again!r}"
        for cell in cells
        if cell.agreed is False and name_of(cell) not in rings.confirmed
    ]
    if not faults:
        faults = _moment_bounds(moments.values, rings) + _plot_shares(rings, plot, moments.um_per_radius)
    return CheckedTable(
        values=_values(cells, rings, moments),
        faults=tuple(faults),
        notes=(*rings.notes, *moments.notes),
        absent=tuple(fault for fault in moments.faults if fault.endswith(NOT_FOUND)),
        um_per_radius=moments.um_per_radius,
        own_scale=moments.own_scale,
        suspects=_suspects(cells, faults, known.decimals),
        confirmed=confirmed,
    )


def name_of(cell: Cell) -> str:
    """The name of the field of `cell`: that of `records.fields`, or the printed one."""
    if cell.label and cell.label.ring:
        return ring_name(*cell.label.ring.bounds(cell.label.unit or 1.0))
    return cell.field or cell.name


def _with_counts(cells: Sequence[Cell]) -> list[Cell]:
    """`cells` where a count and its percentage of the total were read as one number: "94.2%" is 9 of 212, 4.2%."""
    total = next((cell.number.value for cell in cells if cell.field == TOTAL and cell.number), None)
    divided = []
    for cell in cells:
        match = _JOINED.fullmatch(cell.value.text.replace(",", ".")) if cell.field == RING and total else None
        if match and total and cell.number is None:
            digits, decimals = match.groups()
            unit = 0.5 * 10.0 ** -len(decimals) + 1e-9
            fitting = [
                (digits[:i], f"{digits[i:]}.{decimals}")
                for i in range(1, len(digits))
                if abs(100 * int(digits[:i]) / total - float(f"{digits[i:]}.{decimals}")) <= unit
            ]
            if len(fitting) == 1:
                count, share = fitting[0]
                cell = replace(cell, value=replace(cell.value, text=f"{count} {share}%"))
        divided.append(cell)
    return divided


def _values(cells: Sequence[Cell], rings: Rings, moments: Moments) -> dict[str, float | str]:
    """All values by name: the total, the moments, the rings, unknown fields, and percentages and tolerances."""
    values: dict[str, float | str] = {name: rings.values[name] for name in (TOTAL,) if name in rings.values}
    values |= moments.values | rings.values
    for cell in cells:
        if cell.field is None and cell.name and cell.value.text and not is_missing(cell.value.text):
            values.setdefault(cell.name, cell.number.value if cell.number else cell.value.text)
        if further := further_number(cell.value.text):
            values.setdefault(f"{name_of(cell)} {further[0]}", further[1].value)
    return values


def _confirmed_counts(cells: Sequence[Cell], rings: Rings) -> dict[str, str]:
    """What confirms the counts among `cells`: the other counts, or the percentage printed with it."""
    confirmed = dict.fromkeys(rings.confirmed, "follows from the other counts")
    total = rings.values.get(TOTAL)
    for cell in cells:
        further = further_number(cell.value.text)
        if total and cell.field == RING and cell.number and further and further[0] == "%":
            share = 100 * cell.number.value / total
            if abs(share - further[1].value) <= 0.5 * 10.0 ** -further[1].decimals + 1e-9:
                confirmed.setdefault(name_of(cell), f"is {further[1].value:g}% of the total, as printed")
    return confirmed


def _nameless_counts(cells: Sequence[Cell]) -> list[str]:
    """Numbers in the rings' column without a legible name; without them, two rings would seem to be one."""
    rings = [cell.value.box for cell in cells if cell.field == RING]
    faults = []
    for cell in cells:
        column = [box.y0 for box in rings if box.flush_with(cell.value.box)]
        if cell.field is None and cell.number and column and min(column) < cell.value.box.y0 < max(column):
            words = f"{cell.value.text!r} stands among the counts, but its name ({cell.name!r}) is not legible"
            faults.append(f"rings: {words}")
    return faults


def _is_partial(cell: Cell) -> bool:
    """Whether OCR missed a part of a number, which is marked by a score of 0."""
    return cell.field is not None and cell.number is not None and cell.value.score == 0


def _count(cell: Cell | None) -> float | None:
    return cell.number.value if cell and cell.number else None


def _counts(cells: Sequence[Cell]) -> dict[tuple[float, float], float | None]:
    return {
        cell.label.ring.bounds(cell.label.unit or 1.0): _count(cell) for cell in cells if cell.label and cell.label.ring
    }


def _moment_bounds(moments: Mapping[str, float], rings: Rings) -> list[str]:
    """mean(r^2) is the sum of the squared means and sigmas; it must lie within the bounds that the rings give."""
    total = rings.values.get(TOTAL, 0)
    if total <= 0 or len(rings.within) < 3 or any(name not in moments for name in MOMENTS):
        return []
    square = sum(moments[name] ** 2 for name in MOMENTS) * total
    radii = sorted(rings.within)
    counts = [(low, high, rings.values[ring_name(low, high)]) for low, high in pairwise(radii)]
    least = sum(count * low**2 for low, _, count in counts)
    most = sum(count * high**2 for _, high, count in counts if count)
    if 0.97 * least - 1e-6 <= square <= 1.03 * most + 1e-6:
        return []
    root = math.sqrt(square / total)
    return [
        f"{', '.join(MOMENTS)}: they put the holes {root:.2f} um from the centre (r.m.s.), where the rings have none"
    ]


def _plot_shares(rings: Rings, plot: PlotMeasures | None, um_per_radius: float | None) -> list[str]:
    """Faults at radii within which the plot shows clearly more or fewer of the holes than printed."""
    total = rings.values.get(TOTAL, 0)
    if plot is None or um_per_radius is None or total <= 0 or any(plot.label_origin):
        return []
    radii = np.linspace(0, um_per_radius, RINGS + 1)
    shown = np.concatenate([[0.0], np.cumsum(plot.ring_shares)])
    faults = []
    for low, high in pairwise(sorted(rings.within)):
        seen, printed = np.interp(high, radii, shown), rings.within[high] / total
        if high <= um_per_radius and abs(seen - printed) > SHARE_TOLERANCE:
            words = f"{printed:.0%} of the holes lie within {high:g} um by the counts printed, {seen:.0%} in the plot"
            faults.append(f"{ring_name(low, high)}: {words}")
    return faults


def _suspects(cells: Sequence[Cell], faults: Sequence[str], decimals: int | None) -> frozenset[Key]:
    """Cells that are not numbers or lost a decimal point, and cells whose field a fault names."""
    named = " ".join(fault.partition(":")[0] for fault in faults)
    counts_wrong = RING in named or TOTAL in named

    def doubtful(cell: Cell) -> bool:
        if cell.number is None:
            return True
        if cell.field in (RING, TOTAL):
            return counts_wrong
        return cell.field in named.replace(",", "").split() or decimals not in (None, cell.number.decimals)

    return frozenset(cell.key for cell in cells if cell.field and doubtful(cell))
