"""The outline of a cloud of dots: its shape, independent of its position and size.

The profiles of the Mahalanobis distance and of each axis measure slim cores, wings and heavy tails. The profile of an
axis includes the width of the cloud across the axis in its wings, relative to its core. Wings may lie along either
axis, so the profiles are given in two ways: the axis with the lower kurtosis first, and as the difference of x and y.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DISTANCES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 14.0)  # squared Mahalanobis distances
DEVIATIONS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)  # sigmas, for the profile of an axis
CORE, WINGS = 0.8, 1.1  # sigmas: upper limit of the core, lower limit of the wings
MAX_CORRELATION = 0.97
LEAST = 1e-6  # least share of dots whose width is measured; also added to their variance


def outline_features(x: Floats, y: Floats, share: Floats) -> dict[str, float]:
    """Named features of the standardised positions `x` and `y` [n], which hold the shares `share` [n] of all dots."""
    rho = float(np.clip(share @ (x * y), -MAX_CORRELATION, MAX_CORRELATION))
    square = (x * x - 2 * rho * x * y + y * y) / (1 - rho * rho)
    profiles = [_axis_profile(x, y - rho * x, share), _axis_profile(y, x - rho * y, share)]
    flatter, other = sorted(profiles)
    series = {
        "within": _below(square, share, DISTANCES),
        "distance": [np.log(share @ square**2), share @ np.log(square + 1e-3), share @ np.log1p(square)],
        "flatter": flatter,
        "other": other,
        "axes": np.subtract(profiles[0], profiles[1]).tolist(),
    }
    named = {f"{name}_{i}": float(value) for name, values in series.items() for i, value in enumerate(values)}
    return {"correlation": rho, "tilt": abs(rho)} | named


def _axis_profile(along: Floats, across: Floats, share: Floats) -> list[float]:
    """Moments and shares of the distance `along` one axis, and the log ratio of the widths of wings and core."""
    size = np.abs(along)
    flare = np.log(_width(across, share, size > WINGS) / _width(across, share, size < CORE))
    moments = [share @ along**4, share @ size, share @ size**3]
    return [*moments, *_below(size, share, DEVIATIONS), flare, share @ (along**2 * across**2)]


def _below(values: Floats, share: Floats, bounds: Sequence[float]) -> list[float]:
    """The share of dots whose value is below each of `bounds`, which must be ascending."""
    counted = np.bincount(np.searchsorted(bounds, values, side="right"), weights=share, minlength=len(bounds) + 1)
    return np.cumsum(counted)[: len(bounds)].tolist()  # type: ignore[no-any-return]


def _width(values: Floats, share: Floats, where: NDArray[np.bool_]) -> float:
    """The standard deviation of `values` over the dots `where`; 1 if there are none."""
    weights, chosen = share[where], values[where]
    total = weights.sum()
    if total <= LEAST:
        return 1.0
    mean = weights @ chosen / total
    return float(np.sqrt(weights @ (chosen - mean) ** 2 / total + LEAST))
