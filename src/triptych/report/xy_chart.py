"""Line charts of y over x, and scatter plots, as SVG: the geometry, which the template `xy_chart.html.j2` renders."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triptych.report.charts import FRAME, Tick, nice_ticks

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class XYLine:
    """One line: its name, its SVG path data (empty in a scatter plot), and the points that are marked."""

    name: str
    path: str
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class XYChart:
    """A chart.

    Attributes:
        title: its heading.
        x_name, y_name: the names of the axes, with units.
        lines: its lines.
        x_ticks, y_ticks: the marks of the axes.
        description: a text alternative, for screen readers.
        scattered: whether it has points instead of lines, in a plane without scales.
    """

    title: str
    x_name: str
    y_name: str
    lines: list[XYLine]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    description: str
    scattered: bool = False


def draw_xy(
    title: str,
    axes: tuple[str, str],
    lines: Mapping[str, Points],
    description: str,
    *,
    dotted: Sequence[str] = (),
    scattered: bool = False,
) -> XYChart:
    """A chart of `lines`, whose axes begin at 0; lines named in `dotted` mark their points.

    With `scattered`, only the points are drawn, and axes without a name have no scale.

    Raises:
        ValueError: a coordinate is negative or not finite.
    """
    points = [point for line in lines.values() for point in line]
    if not all(math.isfinite(part) and part >= 0 for point in points for part in point):
        raise ValueError(f"{title}: coordinates must be finite and at least 0")
    x_values, y_values = (_scale([point[i] for point in points], axes[i]) for i in (0, 1))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = FRAME.left + point[0] / x_values[-1] * (FRAME.right - FRAME.left)
        y = FRAME.bottom - point[1] / y_values[-1] * (FRAME.bottom - FRAME.top)
        return round(x, 1), round(y, 1)

    drawn = []
    for name, line in lines.items():
        places = [place(point) for point in line]
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in places) if places and not scattered else ""
        drawn.append(XYLine(name, path, places if scattered or name in dotted else ()))
    return XYChart(
        title,
        *axes,
        drawn,
        [Tick(place((value, 0.0))[0], f"{value:g}") for value in x_values if axes[0]],
        [Tick(place((0.0, value))[1], f"{value:g}") for value in y_values if axes[1]],
        description,
        scattered,
    )


def _scale(values: Sequence[float], name: str) -> list[float]:
    """The marks of an axis; of an axis without a name, only its end."""
    top = max(values, default=0.0)
    return nice_ticks(top) if name else [top or 1.0]
