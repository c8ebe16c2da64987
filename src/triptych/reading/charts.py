"""Tells dot plots from charts whose marks are a series: control charts, runs of markers, the outliers of box plots.

Their marks are evenly spaced along one axis only. The dies of a wafer are evenly spaced along both.
"""

import numpy as np
from numpy.typing import NDArray

NEAR = 1.5  # px between marks at the same place
FEW_PLACES, CLEAR = 0.5, 8.0  # greatest number of places, as a share of the marks, and px between them, for columns
LEAST_PITCH = 5.0  # px; places that are nearer to one another than this are not spaced at all
TOLERANCE = (1.05, 0.1)  # of a distance: px, as places are known to half a px, and share of the pitch
EVEN_SHARE, FEW_GAPS = 0.65, 10  # least share of the distances that equal the pitch; all, if there are few


def is_series(x: NDArray[np.float64], y: NDArray[np.float64]) -> bool:
    """Whether marks at `x`, `y` [n] in px are evenly spaced along one axis only."""
    return _is_even(x) != _is_even(y)


def _is_even(places: NDArray[np.float64]) -> bool:
    """Whether several marks stand at each place, or most neighbouring places have the same distance."""
    gaps = np.diff(np.sort(places))
    gaps = gaps[gaps > NEAR]
    if not len(gaps):
        return True
    pitch = float(np.median(gaps))
    if len(gaps) + 1 <= FEW_PLACES * len(places) and pitch >= CLEAR:
        return True
    even = np.abs(gaps - pitch) <= max(TOLERANCE[0], TOLERANCE[1] * pitch)
    return pitch >= LEAST_PITCH and float(even.mean()) >= (EVEN_SHARE if len(gaps) > FEW_GAPS else 1)
