"""The outline of a cloud of dots: its shape, independent of its position and size.

The profiles of the Mahalanobis distance and of each axis measure slim cores, wings and heavy tails. The profile of an
axis includes the width of the cloud across the axis in its wings, relative to its core. Wings may lie along either
axis, so the profiles are given in two ways: the axis with the lower kurtosis first, and as the difference of x and y.

All cells of a column have the same x. So the profile of the x axis needs only three numbers of each column: its share
of the dots, and the sums of their y and y^2. This takes a fraction of the time of a sum over all cells.
"""

import numpy as np
from numpy.typing import NDArray

from triptych.features.maps import Floats, Maps, columns

DISTANCES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 14.0)  # squared Mahalanobis distances
DEVIATIONS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)  # sigmas, for the profile of an axis
CORE, WINGS = 0.8, 1.1  # sigmas: upper limit of the core, lower limit of the wings
MAX_CORRELATION = 0.97
LEAST = 1e-6  # least share of dots whose width is measured; also added to their variance


def outline_features(maps: Maps, x: Floats, y: Floats) -> dict[str, Floats]:
    """Named features [n] of n maps with the standardised positions `x` of columns and `y` of rows, both [n, side]."""
    by_column = _powers(y) @ maps.share
    by_row = _powers(x) @ maps.share.swapaxes(1, 2)
    rho = np.clip((by_column[:, 1] * x).sum(axis=1), -MAX_CORRELATION, MAX_CORRELATION)
    of_x, of_y = _axis_profile(x, by_column, rho), _axis_profile(y, by_row, rho)
    y_is_flatter = of_x[:, :1] > of_y[:, :1]
    series = {
        **_distances(maps, x, y, rho),
        "flatter": np.where(y_is_flatter, of_y, of_x),
        "other": np.where(y_is_flatter, of_x, of_y),
        "axes": of_x - of_y,
    }
    return {"correlation": rho, "tilt": np.abs(rho), **columns(series)}


def _powers(positions: Floats) -> Floats:
    """Powers 0, 1 and 2 of positions [n, side], as [n, 3, side]."""
    return np.stack([np.ones_like(positions), positions, positions**2], axis=1)


def _distances(maps: Maps, x: Floats, y: Floats, rho: Floats) -> dict[str, Floats]:
    """Shares of dots within given Mahalanobis distances, and the means of three functions of the distance."""
    across, up, tilt = x.ravel()[maps.column], y.ravel()[maps.row], rho[maps.record]
    square = (across * across - 2 * tilt * across * up + up * up) / (1 - tilt * tilt)
    means = [np.log(maps.mean(square**2)), maps.mean(np.log(square + 1e-3)), maps.mean(np.log1p(square))]
    return {"within": maps.below(square, DISTANCES), "distance": np.stack(means, axis=1)}


def _axis_profile(along: Floats, sums: Floats, rho: Floats) -> Floats:
    """Moments and shares of the distance along one axis, and the log ratio of the widths of wings and core.

    Args:
        along: positions of the lines of cells across the axis, [n, side].
        sums: for each line, the sums over its dots of powers 0, 1 and 2 of the position across the axis, [n, 3, side].
        rho: correlation of both positions, [n]; the widths are those of the dots after it is removed.
    """
    share, lean = sums[:, 0], rho[:, None] * along
    first = sums[:, 1] - lean * share
    second = sums[:, 2] - 2 * lean * sums[:, 1] + lean**2 * share
    size = np.abs(along)
    flare = np.log(_width(share, first, second, size > WINGS) / _width(share, first, second, size < CORE))
    moments = [(share * power).sum(axis=1) for power in (along**4, size, size**3)]
    below = (size[:, None] < np.array(DEVIATIONS)[:, None]) @ share[:, :, None]
    return np.column_stack([*moments, below[:, :, 0], flare, (along**2 * second).sum(axis=1)])


def _width(share: Floats, first: Floats, second: Floats, where: NDArray[np.bool_]) -> Floats:
    """The standard deviation [n] over the dots of the lines `where` [n, side]; 1 if there are none."""
    total, first, second = ((sums * where).sum(axis=1) for sums in (share, first, second))
    known = total > LEAST
    total = np.where(known, total, 1.0)
    variance = np.maximum(second / total - (first / total) ** 2, 0.0)
    return np.where(known, np.sqrt(variance + LEAST), 1.0)
