"""The printed values of points, and the true readings of a sheet.

A machine rounds. So the true readings of a picture are the printed values, not those of its points.
"""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from triptych.records.fields import MEAN_X, MEAN_Y, MOMENTS, TOTAL, point_readings, ring_names
from triptych.simulate.layout_spec import RING_EDGES, LayoutSpec


def printed_words(points: NDArray[np.floating], layout: LayoutSpec) -> dict[str, str]:
    """The text that `layout` prints for each reading of `points` [n, 2] in um.

    A ring's name maps to the number printed with its label. If rings are cumulative, this is the number of holes within
    its outer radius.
    """
    readings = point_readings(points, RING_EDGES)
    rings = ring_names(readings)
    counts = [int(readings[name]) for name in rings]
    if layout.rings == "cumulative":
        counts = list(accumulate(counts))
    words = {TOTAL: str(len(points))}
    words |= {name: moment_word(readings[name], name, layout) for name in MOMENTS}
    return words | {name: str(count) for name, count in zip(rings, counts, strict=True)}


def moment_word(um: float, name: str, layout: LayoutSpec) -> str:
    """A mean or sigma as `layout` prints it; a zero never carries a minus sign."""
    rounded = round(um / layout.um_per_unit, layout.decimals) + 0.0  # -0.0 + 0.0 = 0.0
    sign = "+" if layout.plus and name in (MEAN_X, MEAN_Y) else ""
    return f"{rounded:{sign}.{layout.decimals}f}"


def true_readings(points: NDArray[np.floating], layout: LayoutSpec) -> dict[str, float]:
    """The true readings of a sheet of `points` [n, 2] in um: moments as printed, in um, and the holes in each ring."""
    exact = point_readings(points, RING_EDGES)
    words = {name: moment_word(exact[name], name, layout) for name in MOMENTS}
    return exact | {name: float(word) * layout.um_per_unit for name, word in words.items()}
