"""The record's own arithmetic: what its table says against itself and against its plot.

Rings sum to the total, cumulative counts rise, the plot shows the printed mean and sigma, the rings' radii
allow the printed moments. What fails one of these is named in words; what has exactly one explanation is
repaired, and that is said too.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from triptych.reading.measures import RINGS, PlotMeasures
from triptych.reading.moments import check_moments
from triptych.reading.names import RING
from triptych.reading.rings import Rings, solve_rings
from triptych.reading.table import Cell
from triptych.records.fields import MOMENTS, TOTAL, ring_name

SHARE_TOLERANCE = 0.12  # of all holes: how far the plot's count within a radius may be from the printed one


@dataclass(frozen=True)
class Checked:
    """A record's table, checked.

    Attributes:
        values: by the names of `records.fields`, in micrometres; other fields by their printed names, as printed.
        faults: what is missing or does not add up, in words.
        notes: what was repaired, in words.
        um_per_radius: micrometres in the plot's outer radius, where known.
        own_scale: the same by this record's own sigmas alone.
        suspects: the keys of the cells that should be read again.
    """

    values: dict[str, float | str]
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    um_per_radius: float | None
    own_scale: float | None
    suspects: frozenset[tuple[object, ...]]

    @property
    def ok(self) -> bool:
        """Whether everything was found and adds up, perhaps after repairs."""
        return not self.faults


@dataclass(frozen=True)
class Known:
    """What is known of a record's layout before the record is read: its plot's scale and the moments' decimals."""

    um_per_radius: float | None = None
    decimals: int | None = None


def check(cells: Sequence[Cell], plot: PlotMeasures | None, known: Known | None = None) -> Checked:
    """The values of `cells`, checked against one another and against `plot`."""
    known = known or Known()
    by_field = {cell.field: cell for cell in cells if cell.field not in (None, RING)}
    moments = check_moments({k: c for k, c in by_field.items() if k}, plot, known.um_per_radius, known.decimals)
    ring_cells = [cell for cell in cells if cell.field == RING]
    rings = solve_rings(_counts(ring_cells), _count(by_field.get(TOTAL)))
    faults = [*rings.faults, *moments.faults]
    if TOTAL not in rings.values:
        faults.append(f"{TOTAL}: not found")
    if not ring_cells:
        faults.append("rings: none was found")
    faults += _nameless_counts(cells, ring_cells)
    faults += [f"{_name(cell)}: more is printed than {cell.value.text!r}" for cell in cells if _is_partial(cell)]
    if not faults:
        faults += _moment_bounds(moments.values, rings)
        faults += _plot_shares(rings, plot, moments.um_per_radius)
    values: dict[str, float | str] = {**rings.values, **moments.values}
    values = {name: values[name] for name in (TOTAL, *MOMENTS) if name in values} | values
    for cell in cells:
        if cell.field is None and cell.name and cell.value.text and cell.name not in values:
            values[cell.name] = cell.number.value if cell.number else cell.value.text
    suspects = _suspects(cells, faults, known.decimals)
    return Checked(
        values=values,
        faults=tuple(faults),
        notes=(*rings.notes, *moments.notes),
        um_per_radius=moments.um_per_radius,
        own_scale=moments.own_scale,
        suspects=suspects,
    )


def _nameless_counts(cells: Sequence[Cell], rings: Sequence[Cell]) -> list[str]:
    """Numbers in the rings' column without a legible name: left out, they would make two rings seem to be one."""
    faults = []
    for cell in cells:
        box = cell.value.box
        column = [
            ring
            for ring in rings
            if abs(ring.value.box.x0 - box.x0) < box.height or abs(ring.value.box.x1 - box.x1) < box.height
        ]
        inside = any(r.value.box.y0 < box.y0 for r in column) and any(r.value.box.y0 > box.y0 for r in column)
        if cell.field is None and cell.number and inside and len(column) >= 2:
            faults.append(
                f"rings: {cell.value.text!r} stands among the counts, but its name ({cell.name!r}) is not legible"
            )
    return faults


def _is_partial(cell: Cell) -> bool:
    """Whether a number was read whose score says that part of it was missed."""
    return cell.field is not None and cell.number is not None and cell.value.score == 0


def _name(cell: Cell) -> str:
    if cell.label and cell.label.ring:
        return ring_name(*cell.label.ring.bounds(cell.label.unit or 1.0))
    return cell.field or cell.name


def _count(cell: Cell | None) -> float | None:
    return cell.number.value if cell and cell.number else None


def _counts(cells: Sequence[Cell]) -> dict[tuple[float, float], float | None]:
    return {
        cell.label.ring.bounds(cell.label.unit or 1.0): _count(cell) for cell in cells if cell.label and cell.label.ring
    }


def _moment_bounds(moments: Mapping[str, float], rings: Rings) -> list[str]:
    """mean(r^2) = the sum of all means and sigmas squared; the rings say between which bounds it lies."""
    total = rings.values[TOTAL]
    if total <= 0:
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
    """Radii within which the plot shows clearly more or fewer of the holes than is printed."""
    total = rings.values[TOTAL]
    if plot is None or um_per_radius is None or total <= 0:
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


def _suspects(cells: Sequence[Cell], faults: Sequence[str], decimals: int | None) -> frozenset[tuple[object, ...]]:
    """Cells that do not read as a number or lost a decimal point, and those whose field a fault names."""
    named = " ".join(fault.partition(":")[0] for fault in faults)
    rings_wrong = "ring" in named or TOTAL in named
    keys = set()
    for cell in cells:
        if cell.field is None:
            continue
        unread = cell.number is None
        odd = (
            cell.field in MOMENTS and decimals is not None and (cell.number is None or cell.number.decimals != decimals)
        )
        wrong = rings_wrong if cell.field in (RING, TOTAL) else cell.field in named
        if unread or odd or wrong:
            keys.add(cell.key)
    return frozenset(keys)
