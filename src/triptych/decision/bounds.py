"""Exact bounds of a binomial rate (Clopper and Pearson, Biometrika 1934), and what a number of records can promise.

With k errors among n independent records, the upper bound at confidence c is the rate p at which k or fewer errors have
the probability 1 - c. With k = 0 it is 1 - (1 - c)^(1/n): 36 records without an error promise 8.0%, 59 promise 5%.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """An interval of a rate, 0..1."""

    low: float
    high: float


def upper_bound(errors: int, n: int, confidence: float = 0.95) -> float:
    """The one-sided upper bound of the rate, 0..1, after `errors` among `n` records; 1 without records.

    Raises:
        ValueError: `errors` is not in 0..n, or `confidence` is not between 0 and 1.
    """
    from scipy.stats import beta

    _check(errors, n, confidence)
    return 1.0 if errors == n else float(beta.ppf(confidence, errors + 1, n - errors))


def lower_bound(errors: int, n: int, confidence: float = 0.95) -> float:
    """The one-sided lower bound of the rate, 0..1; 0 without records."""
    _check(errors, n, confidence)
    return 1.0 - upper_bound(n - errors, n, confidence) if n else 0.0


def binomial_interval(errors: int, n: int, confidence: float = 0.95) -> Interval:
    """The two-sided interval of the rate: each side is missed with probability (1 - confidence) / 2 at most."""
    side = (1 + confidence) / 2
    return Interval(lower_bound(errors, n, side), upper_bound(errors, n, side))


def least_records(rate: float, confidence: float = 0.95, errors: int = 0) -> int:
    """The least number of records with `errors` errors whose upper bound is at most `rate`, such as 59 for 5%.

    Raises:
        ValueError: `rate` or `confidence` is not between 0 and 1.
    """
    if not 0 < rate < 1:
        raise ValueError(f"a rate of {rate} cannot be promised: it must be between 0 and 1")
    _check(0, 0, confidence)
    high = max(errors + 1, math.ceil(math.log1p(-confidence) / math.log1p(-rate)))
    while upper_bound(errors, high, confidence) > rate:
        high *= 2
    low = errors
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if upper_bound(errors, middle, confidence) <= rate else (middle, high)
    return high


def most_errors(n: int, rate: float, confidence: float = 0.95) -> int | None:
    """The greatest number of errors among `n` records whose upper bound is at most `rate`; None if there is none."""
    from scipy.stats import binom

    _check(0, n, confidence)
    most = int(binom.ppf(1 - confidence, n, rate))  # the least number of errors that is likely enough
    while most >= 0 and upper_bound(most, n, confidence) > rate:
        most -= 1
    return most if most >= 0 else None


def _check(errors: int, n: int, confidence: float) -> None:
    if not 0 <= errors <= n:
        raise ValueError(f"{errors} errors among {n} records: the number of errors must be in 0..{n}")
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence is {confidence}: it must be between 0 and 1")
