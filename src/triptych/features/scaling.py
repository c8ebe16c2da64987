"""Robust standardisation of the readings: numbers of any unit and magnitude become inputs of about -5 to 5.

The scales of a feature are fitted to the training records in float64:

1. Divide by the largest absolute value, so that no later step overflows.
2. If the deciles of the absolute values differ by more than a factor of DECADES, apply asinh(x / s), with s below most
   absolute values. This acts as a logarithm, but allows zero and negative values.
3. Subtract the median and divide by a robust standard deviation: that of the interquartile range or, if most values are
   equal, the median distance of the other values from the median.
4. Beyond BOUND, replace the excess by the logarithm of its logarithm (log1p), so that outliers remain distinct but do
   not dominate.
5. Standardise to mean 0 and variance 1. Clip to BOUND, or to the range of the training values if it is wider, because
   nothing was learned beyond it.

For values without outliers this is ordinary standardisation. A feature that is constant in the training records is 0
everywhere, because nothing can be learned from it.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BOUND = 5.0  # standard deviations
DECADES = 100.0  # ratio of the upper to the lower decile of the absolute values
ROUNDING = 8 * np.finfo(np.float64).eps  # a smaller relative range is due to rounding
NORMAL_IQR = 1.349  # interquartile range of the standard normal distribution
ROWS = 8  # numbers kept of a feature, see `fit_scales`


def fit_scales(features: Floats) -> Floats:
    """The scales [ROWS, c] of training features [n, c], where NaN is a missing value.

    Rows: unit, asinh scale (0: no asinh), centre, spread, mean, deviation (infinite: constant), lower and upper limit.
    """
    return np.array([_scale(column[~np.isnan(column)]) for column in features.T]).reshape(-1, ROWS).T


def standardise(features: Floats, scales: Floats) -> Floats:
    """Features [n, c] -> standardised [n, c]; NaN stays NaN."""
    unit, asinh_scale, centre, spread, mean, deviation, low, high = scales
    with np.errstate(over="ignore"):  # values far beyond the training values become infinite, then are clipped
        squashed = _squash(_asinh(features / unit, asinh_scale), centre, spread)
        scaled: Floats = np.clip((squashed - mean) / deviation, low, high)
    return scaled


def neutral(scales: Floats) -> Floats:
    """The values [c] that standardise to 0: the means of the training values on the scale of `standardise`."""
    unit, asinh_scale, centre, spread, mean, *_ = scales
    beyond = np.maximum(np.abs(mean) - BOUND, 0.0)
    inside = np.clip(mean, -BOUND, BOUND) + np.sign(mean) * np.expm1(np.expm1(beyond))
    x = centre + spread * inside
    values: Floats = unit * np.where(asinh_scale > 0, asinh_scale * np.sinh(x), x)
    return values


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
    asinh_scale = float(max(least, lower / DECADES)) if upper > DECADES * lower else 0.0
    x = _asinh(x, np.float64(asinh_scale))
    centre = float(np.median(x))
    spread = float(np.subtract(*np.quantile(x, (0.75, 0.25)))) / NORMAL_IQR
    if spread <= ROUNDING * np.abs(x).max():
        spread = float(np.median(np.abs(x - centre)[x != centre]))
    squashed = _squash(x, np.float64(centre), np.float64(spread))
    mean, deviation = float(squashed.mean()), float(squashed.std())
    reached = (squashed - mean) / deviation
    low, high = min(-BOUND, reached.min()), max(BOUND, reached.max())
    return (largest, asinh_scale, centre, spread, mean, deviation, low, high)


def _asinh(x: Floats, asinh_scale: Floats | np.float64) -> Floats:
    """asinh(x / asinh_scale) of values [..., c]; unchanged where `asinh_scale` is 0."""
    return np.where(asinh_scale > 0, np.arcsinh(x / np.where(asinh_scale > 0, asinh_scale, 1.0)), x)


def _squash(x: Floats, centre: Floats | np.float64, spread: Floats | np.float64) -> Floats:
    """Values [..., c] in robust standard deviations, compressed beyond BOUND."""
    u = (x - centre) / spread
    beyond = np.maximum(np.abs(u) - BOUND, 0.0)
    squashed: Floats = np.clip(u, -BOUND, BOUND) + np.sign(u) * np.log1p(np.log1p(beyond))
    return squashed
