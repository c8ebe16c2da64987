"""Printed means and sigmas -> micrometres, checked against the plot.

OCR loses minus signs and decimal points. A lost point is detected from the other moments, which are printed to the
same number of places; a lost sign is detected from the plot. The plot is accurate to a few hundredths of its radius:
enough to check signs and decimal points, not last digits.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from triptych.reading.cell import Cell
from triptych.reading.measures import PlotMeasures
from triptych.reading.units import UNITS, Number, is_missing
from triptych.records.fields import MEAN_X, MEAN_Y, MOMENTS, SIGMA_X, SIGMA_Y

NOT_FOUND = "not found"  # the problem of a field that is not on the page
MEAN_TOLERANCE = 0.15  # of the plot's sigma along the axis, and
MEAN_RADIUS_TOLERANCE = 0.012  # of the outer radius
SIGMA_TOLERANCE = 0.35  # of the plot's sigma; holes beyond the frame count only in the printed value

UNIT_TOLERANCE = math.log(1.25)  # of the scale; units differ by more

_PARTNER = {MEAN_X: MEAN_Y, MEAN_Y: MEAN_X, SIGMA_X: SIGMA_Y, SIGMA_Y: SIGMA_X}
_MEASURE = {MEAN_X: "centroid_x", MEAN_Y: "centroid_y", SIGMA_X: "sigma_x", SIGMA_Y: "sigma_y"}


@dataclass
class Moments:
    """The moments of one record.

    Attributes:
        values: in micrometres, under the names of `records.fields`.
        um_per_radius: micrometres in the plot's outer radius, or None without a plot.
        own_scale: the same, from this record's own sigmas alone.
        faults: inconsistencies, in words.
        notes: repairs, in words.
        shown: what the plot shows, in words, by the name of each moment that agrees with it.
    """

    values: dict[str, float] = field(default_factory=dict)
    um_per_radius: float | None = None
    own_scale: float | None = None
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)


def check_moments(
    cells: Mapping[str, Cell],
    plot: PlotMeasures | None,
    um_per_radius: float | None,
    decimals: int | None,
    *,
    paired: bool = True,
) -> Moments:
    """The moments among `cells` (by field).

    Args:
        cells: the cells of known fields.
        plot: the measures of the plot, if there is one.
        um_per_radius: its scale, if known. The plot's tick labels come first, the record's own sigmas last.
        decimals: decimal places of moments in this layout, if known.
        paired: whether a moment of one axis is expected if that of the other is printed.
    """
    moments = Moments()
    numbers = {name: cells[name].number for name in MOMENTS if name in cells}
    legible = {name: number for name, number in numbers.items() if number is not None}
    expected = [name for name in MOMENTS if name in cells or (paired and _PARTNER[name] in cells)]
    moments.faults += [f"{name}: {_not_found(cells.get(name))}" for name in expected if name not in legible]
    places = decimals if decimals is not None else _usual_decimals(legible)
    for name, number in legible.items():
        restored = _with_point(number, places)
        if restored is not number:
            moments.notes.append(f"{name}: decimal point restored ({number.value:g} was read)")
        moments.values[name] = to_um(cells[name], restored)
    if plot is not None:
        moments.own_scale = _own_scale(moments, plot)
        moments.um_per_radius = _labelled_scale(plot, moments.own_scale) or um_per_radius or moments.own_scale
        if moments.um_per_radius:
            _compare(moments, plot, moments.um_per_radius)
        if um_per_radius is None:  # the scale was computed from the sigmas, so it confirms only the means
            moments.shown = {name: seen for name, seen in moments.shown.items() if name in (MEAN_X, MEAN_Y)}
    return moments


def to_um(cell: Cell, number: Number) -> float:
    """A printed mean or sigma in micrometres; it may be printed in any unit, as a variance or as several sigmas."""
    label = cell.label
    if label is None:
        return number.value
    unit = number.unit or label.unit or 1.0
    value = math.sqrt(max(number.value, 0.0)) if label.statistic == "variance" else number.value
    return round(value * unit / label.multiple, 6)


def _not_found(cell: Cell | None) -> str:
    if cell is None:
        return NOT_FOUND
    if is_missing(cell.value.text):
        return f"no value is printed ({cell.value.text!r})"
    return f"not legible ({cell.value.text!r} was read)"


def _usual_decimals(numbers: Mapping[str, Number]) -> int | None:
    """The number of decimal places that at least three of the moments share, or None."""
    counts = Counter(number.decimals for number in numbers.values()).most_common(1)
    return counts[0][0] if counts and counts[0][1] >= 3 else None


def _with_point(number: Number, places: int | None) -> Number:
    """`number` with its decimal point restored if it has none where the others have `places` decimals."""
    if not places or number.decimals or abs(number.value) < 1:
        return number
    return Number(number.value / 10**places, places, number.unit, number.signed)


def _own_scale(moments: Moments, plot: PlotMeasures) -> float | None:
    """Micrometres per radius from the record's own sigmas; None, with a fault, if the two contradict each other."""
    sigma_x, sigma_y = moments.values.get(SIGMA_X), moments.values.get(SIGMA_Y)
    if not sigma_x or not sigma_y:
        return None
    by_x, by_y = sigma_x / plot.sigma_x, sigma_y / plot.sigma_y
    if max(by_x, by_y) > (1 + 2 * SIGMA_TOLERANCE) * min(by_x, by_y):
        shape = f"{plot.sigma_x / plot.sigma_y:.2f} to 1 in the plot"
        moments.faults.append(f"{SIGMA_X}, {SIGMA_Y}: {sigma_x:g} to {sigma_y:g} um is printed, but it is {shape}")
        return None
    return math.sqrt(by_x * by_y)


def _labelled_scale(plot: PlotMeasures, own_scale: float | None) -> float | None:
    """Micrometres per radius from the tick labels; None without them, or if their unit is neither printed nor clear.

    A unit is clear if the record's own sigmas agree with it.
    """
    if plot.label_per_radius is None:
        return None
    if plot.label_unit:
        return plot.label_per_radius * plot.label_unit
    scales = [plot.label_per_radius * unit for unit in {*UNITS.values()} if own_scale]
    return next((scale for scale in scales if own_scale and abs(math.log(scale / own_scale)) < UNIT_TOLERANCE), None)


def _compare(moments: Moments, plot: PlotMeasures, scale: float) -> None:
    """Restore lost minus signs in `moments`, and add a fault where print and plot differ."""
    shown = plot.in_um(scale)
    for name, value in list(moments.values.items()):
        seen = shown[_MEASURE[name]]
        if abs(value - seen) <= _tolerance(name, shown, scale):
            moments.shown[name] = f"the plot shows {seen:.2f} um"
        elif name in (MEAN_X, MEAN_Y) and value > 0 and abs(value + seen) <= _tolerance(name, shown, scale):
            moments.values[name] = -value
            moments.notes.append(f"{name}: minus sign restored from the plot")
        else:
            moments.faults.append(f"{name}: {value:g} um is printed, but the plot shows {seen:.2f} um")


def _tolerance(name: str, shown: Mapping[str, float], scale: float) -> float:
    if name in (SIGMA_X, SIGMA_Y):
        return SIGMA_TOLERANCE * shown[name] + 0.25 * MEAN_RADIUS_TOLERANCE * scale
    sigma = shown[SIGMA_X if name == MEAN_X else SIGMA_Y]
    return MEAN_TOLERANCE * sigma + MEAN_RADIUS_TOLERANCE * scale
