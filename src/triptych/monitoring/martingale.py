"""Conformal test martingales: evidence that new records are no longer exchangeable with the training records.

For each quantity, the t-th new record gets a conformal p-value: the rank of its value among those of the training
records and of the t - 1 records before it, smoothed at ties by a random number. As long as all records are
exchangeable, the p-values are independent and uniform (Vovk et al., "Algorithmic learning in a random world", 2005).
Their normal quantiles z are then standard normal, and a shift moves them. The bet against no shift is the likelihood
ratio of a normal mixture of shifts of variance v (Robbins, 1970). Over T records with the sum S it is

    log M = v S^2 / (2 (1 + v T)) - log(1 + v T) / 2

So that a change that comes late is found, too, a part of the capital starts anew every `restart` records: the k-th
start has the share 1 / ((k + 1)(k + 2)). The mean over all quantities is again a martingale that starts at 1. By
Ville's inequality, it ever reaches 1 / level with a probability of at most `level` while nothing changes.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triptych.cache import derived_seed
from triptych.config import MonitoringConfig

Floats = NDArray[np.float64]


def p_values(known: Sequence[float], new: Sequence[float], rng: np.random.Generator) -> Floats:
    """Smoothed conformal p-values [m] of `new` values in order, among n `known` ones and the earlier new ones.

    A p-value is small for a value that is greater than most, and near 1 for one that is smaller. A missing value (NaN)
    is skipped: its p-value is NaN.
    """
    seen = sorted(value for value in known if value == value)
    found = np.full(len(new), np.nan)
    for place, (value, share) in enumerate(zip(new, rng.uniform(size=len(new)), strict=True)):
        if value != value:
            continue
        low, high = bisect_left(seen, value), bisect_right(seen, value)
        found[place] = (len(seen) - high + share * (high - low + 1)) / (len(seen) + 1)
        insort(seen, value)
    return found


def log_martingale(p: Floats, config: MonitoringConfig) -> Floats:
    """The logarithm of the martingale after each of m records with p-values [m]; NaN does not count."""
    from scipy.special import logsumexp
    from scipy.stats import norm

    z = norm.ppf(np.clip(p, 1e-12, 1 - 1e-12))
    counted = np.isfinite(z)
    sums, counts = np.cumsum(np.where(counted, z, 0.0)), np.cumsum(counted)
    m = len(p)
    starts = np.arange(0, m, config.restart)
    parts = np.full((len(starts) + 1, m), -np.inf)
    for k, start in enumerate(starts):
        before = (sums[start - 1], counts[start - 1]) if start else (0.0, 0)
        total, n = sums[start:] - before[0], counts[start:] - before[1]
        bets = config.variance * total**2 / (2 * (1 + config.variance * n)) - np.log1p(config.variance * n) / 2
        parts[k, start:] = bets - np.log((k + 1) * (k + 2))
    begun = np.arange(m) // config.restart + 1
    parts[-1] = -np.log(begun + 1)  # the capital that has not started yet
    found: Floats = logsumexp(parts, axis=0)
    return found


def log_martingales(
    known: Mapping[str, Sequence[float]], new: Mapping[str, Sequence[float]], config: MonitoringConfig, seed: int
) -> dict[str, Floats]:
    """The logarithm of the martingale of each quantity after each new record.

    Args:
        known: the values of the training records by quantity; NaN where missing.
        new: the values of the new records in order.
        config: the bets.
        seed: the seed of the smoothing. More records later give the same values for the earlier ones.
    """
    names = [name for name in known if name in new]
    return {name: log_martingale(p_values(known[name], new[name], _rng(seed, name)), config) for name in names}


def combined(logs: Mapping[str, Floats]) -> Floats:
    """The logarithm of the mean of the martingales [m]."""
    from scipy.special import logsumexp

    found: Floats = logsumexp(np.stack(list(logs.values())), axis=0) - np.log(len(logs))
    return found


def _rng(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng(derived_seed(seed, f"martingale {name}"))
