"""The shapes of a cloud of holes, before its class scales, shears and shifts it (paper, Figure 2).

A shape's own size is irrelevant: the caller scales it to unit standard deviation per axis. So the variances of a class
mean the same for all shapes, and shapes differ only in wings and tails.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Shape = Callable[[int, np.random.Generator], NDArray[np.float64]]

WING_SHARE = (0.20, 0.45)  # of all points
WING_OFFSET = 1.7  # the wings are at plus and minus this offset along the candy's axis
WING_SD = (0.45, 1.25)  # along the candy's axis, across it
CORE_SD = (0.55, 0.80)
TAIL_FREEDOM = (4.0, 12.0)  # degrees of freedom of Student's t


def gaussian(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A normal distribution, [n, 2]."""
    return rng.standard_normal((n, 2))


def candy(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A wrapped candy: a slim core and two broad wings along x or y, [n, 2]."""
    in_wing = rng.random((n, 1)) < rng.uniform(*WING_SHARE)
    points: NDArray[np.float64] = rng.standard_normal((n, 2)) * np.where(in_wing, WING_SD, CORE_SD)
    points[:, 0] += in_wing[:, 0] * rng.choice((-WING_OFFSET, WING_OFFSET), size=n)
    return points if rng.random() < 0.5 else points[:, ::-1]


def heavy_tailed(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A cloud with heavy tails: Student's t on each axis, [n, 2]."""
    return rng.standard_t(rng.uniform(*TAIL_FREEDOM), size=(n, 2))
