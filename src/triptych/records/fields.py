"""The names of readings inside Triptych, and the readings of given points.

A record of drilled holes has the number of holes, the mean and the standard deviation of their x and y positions, and
the number of holes in each radius ring (paper, section 3.1 and Figure 1). Machines print these fields under various
names and in various units; inside Triptych they have the names below and are in micrometres. Any other field keeps its
own name.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

TOTAL = "total"
MEAN_X, MEAN_Y = "mean_x", "mean_y"
SIGMA_X, SIGMA_Y = "sigma_x", "sigma_y"
MOMENTS = (MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y)

_RING = re.compile(r"ring_(\d+(?:\.\d+)?)_(\d+(?:\.\d+)?|inf)")


def ring_name(low: float, high: float) -> str:
    """The name of the ring `low <= r < high` in micrometres: `ring_2_4`, and `ring_20_inf` for the open one."""
    return f"ring_{low:g}_{'inf' if math.isinf(high) else f'{high:g}'}"


@lru_cache(maxsize=1024)  # the same names come with every record
def ring_bounds(name: str) -> tuple[float, float] | None:
    """The radii (low, high) of a ring's name in micrometres, or None if `name` is not a ring."""
    match = _RING.fullmatch(name)
    return (float(match[1]), float(match[2])) if match else None


def ring_names(names: Iterable[str]) -> list[str]:
    """The rings among `names`, from the centre outwards."""
    bounds = {name: ring_bounds(name) for name in names}
    return sorted((name for name, bound in bounds.items() if bound), key=lambda name: bounds[name] or (0.0, 0.0))


def point_readings(points: NDArray[np.floating], ring_edges: Sequence[float]) -> dict[str, float]:
    """The readings of the hole positions `points` [n, 2] in micrometres.

    `ring_edges` are the radii between rings, starting at 0; the last ring is open.
    """
    mean, sigma = points.mean(axis=0), points.std(axis=0)
    edges = [*ring_edges, math.inf]
    rings = np.searchsorted(ring_edges, np.hypot(points[:, 0], points[:, 1]), side="right")
    counts = np.bincount(rings, minlength=len(edges))[1:]
    readings = {TOTAL: float(len(points))}
    readings |= dict(zip(MOMENTS, (*mean.tolist(), *sigma.tolist()), strict=True))
    return readings | {
        ring_name(low, high): float(count)
        for low, high, count in zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
    }


def order_fields(names: Iterable[str]) -> list[str]:
    """`names` in the order of tables: total, moments, rings, then all other fields in their given order."""
    names = list(dict.fromkeys(names))
    known = [name for name in (TOTAL, *MOMENTS) if name in names] + ring_names(names)
    return known + [name for name in names if name not in set(known)]


Readings = Mapping[str, float | str]
