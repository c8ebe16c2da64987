"""Robust standardisation of the readings: numbers of any unit and size become inputs of about -5 to 5.

Every feature is scaled by what the training records say of it, in float64, step by step:

1. It is divided by its greatest size, so that no later step overflows.
2. A feature that spans DECADES is taken as asinh(x / s), with s below most of its sizes: as a logarithm that allows for
   zeros and negative values.
3. The median is subtracted, and it is divided by a robust standard deviation: that of the interquartile range, or,
   where most values are equal, the median distance of the others.
4. Beyond BOUND it grows only as the logarithm of a logarithm, so that outliers remain apart but do not outweigh the
   others.
5. It gets mean 0 and variance 1 and is limited to BOUND, or to the training values where these reach further: nothing
   was learned beyond them.

For values without outliers this is ordinary standardisation. A feature that is constant among the training records is
0 everywhere, since nothing can be learned of it.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BOUND = 5.0  # standard deviations
DECADES = 100.0  # ratio of the upper to the lower decile of the sizes
ROUNDING = 8 * np.finfo(np.float64).eps  # a smaller relative range is due to rounding
NORMAL_IQR = 1.349  # interquartile range of the standard normal distribution
ROWS = 8  # numbers kept of a feature, see `fit_scales`


def fit_scales(features: Floats) -> Floats:
    """The scales [ROWS, c] of training features [n, c], where NaN is a missing value.

    Rows: unit, bend (0: not bent), centre, spread, mean, deviation (infinite: constant), least and greatest value.
    """
    return np.array([_scale(column[~np.isnan(column)]) for column in features.T]).reshape(-1, ROWS).T


def standardise(features: Floats, scales: Floats) -> Floats:
    """Features [n, c] -> standardised [n, c]; NaN stays NaN."""
    unit, bend, centre, spread, mean, deviation, low, high = scales
    with np.errstate(over="ignore"):  # far beyond all training values: infinite until it is limited
        squashed = _squash(_bent(features / unit, bend), centre, spread)
        scaled: Floats = np.clip((squashed - mean) / deviation, low, high)
    return scaled


def identity_scales(channels: int) -> Floats:
    """Scales before anything is fitted."""
    return np.tile(np.array([[1.0, 0, 0, 1, 0, 1, -BOUND, BOUND]]).T, channels)


def _scale(x: Floats) -> tuple[float, ...]:
    """The scales of one feature from its known values [n]."""
    largest = float(np.abs(x).max(initial=0.0))
    if not largest or np.ptp(x / largest) <= ROUNDING:
        return (1.0, 0.0, 0.0, 1.0, 0.0, np.inf, 0.0, 0.0)
    x = x / largest
    least, lower, upper = np.quantile(np.abs(x[x != 0]), (0.0, 0.1, 0.9))
    bend = float(max(least, lower / DECADES)) if upper > DECADES * lower else 0.0
    x = _bent(x, np.float64(bend))
    centre = float(np.median(x))
    spread = float(np.subtract(*np.quantile(x, (0.75, 0.25)))) / NORMAL_IQR
    if spread <= ROUNDING * np.abs(x).max():
        spread = float(np.median(np.abs(x - centre)[x != centre]))
    squashed = _squash(x, np.float64(centre), np.float64(spread))
    mean, deviation = float(squashed.mean()), float(squashed.std())
    reached = (squashed - mean) / deviation
    return (largest, bend, centre, spread, mean, deviation, min(-BOUND, reached.min()), max(BOUND, reached.max()))


def _bent(x: Floats, bend: Floats | np.float64) -> Floats:
    """Values [..., c] in asinh(x / bend), where bend is not 0."""
    return np.where(bend > 0, np.arcsinh(x / np.where(bend > 0, bend, 1.0)), x)


def _squash(x: Floats, centre: Floats | np.float64, spread: Floats | np.float64) -> Floats:
    """Values [..., c] in robust standard deviations, squashed beyond BOUND."""
    u = (x - centre) / spread
    beyond = np.maximum(np.abs(u) - BOUND, 0.0)
    squashed: Floats = np.clip(u, -BOUND, BOUND) + np.sign(u) * np.log1p(np.log1p(beyond))
    return squashed
