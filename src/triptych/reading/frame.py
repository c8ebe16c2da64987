"""The coordinates of a plot: where zero is, and what the unit of length is.

In a plot with a target, zero is its centre and the unit is the outermost circle's radius. In a plot with axes, zero is
where the tick labels say, if that is in the plot, and the unit is the distance from zero to the farthest side. If the
axes differ in scale, y is stretched to the scale of x.
"""

from dataclasses import dataclass

from triptych.reading.axes import Scale
from triptych.reading.plot import Plot

SAME_PLACE = 0.01  # greatest distance of the zeros from the centre, in half sides, that is taken for none
SAME_SCALE = 0.02  # greatest relative difference of the scales of x and y that is taken for none
AGREEING = 0.03  # greatest difference between tick labels and a target, in radii or as a share of the scale


@dataclass(frozen=True)
class Frame:
    """Coordinates in a plot.

    Attributes:
        zero: px right of and below the plot's centre, of the point (0, 0).
        radius: px, the unit of length.
        stretch: y px are multiplied by it.
        per_radius: the unit of length as labelled at the axes; None without labels.
        unit: micrometres in the unit of the labels; None if it is not printed.
        origin: what the labels say at (0, 0).
    """

    zero: tuple[float, float]
    radius: float
    stretch: float = 1.0
    per_radius: float | None = None
    unit: float | None = None
    origin: tuple[float, float] = (0.0, 0.0)


def frame_of(plot: Plot, scale: Scale | None) -> Frame:
    """The coordinates in `plot`, whose tick labels say `scale`."""
    if scale is None:
        return Frame((0.0, 0.0), plot.radius)
    across, down = scale.per_px
    stretch = down / across if abs(down / across - 1) > SAME_SCALE else 1.0
    x, y = (zero - center for zero, center in zip(scale.zero, plot.center, strict=True))
    if plot.circle:
        agree = max(abs(x), abs(y)) <= AGREEING * plot.radius and abs(down / across - 1) <= AGREEING
        labelled = across * plot.radius if agree else None
        return Frame((0.0, 0.0), plot.radius, per_radius=labelled, unit=scale.unit)
    origin = (0.0, 0.0)
    if abs(x) > plot.half * (1 + SAME_PLACE) or abs(y) > plot.half_y * (1 + SAME_PLACE):
        origin, x, y = (-x * across, y * down), 0.0, 0.0
    x = x if abs(x) > SAME_PLACE * plot.half else 0.0
    y = y if abs(y) > SAME_PLACE * plot.half_y else 0.0
    radius = max(plot.half + abs(x), (plot.half_y + abs(y)) * stretch)
    return Frame((x, y), radius, stretch, across * radius, scale.unit, origin)
