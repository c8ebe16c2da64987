"""Means over seeds with 95% confidence intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Mean:
    """A mean of n runs and the half-width of its 95% interval (Student's t); infinite for one run."""

    mean: float
    half: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.1f} ± {self.half:.1f}" if self.n > 1 else f"{self.mean:.1f}"


def mean_interval(values: Sequence[float]) -> Mean:
    """The mean of `values` and its 95% interval.

    Raises:
        ValueError: there are no values.
    """
    from scipy.stats import t

    n = len(values)
    if not n:
        raise ValueError("the mean of no values is undefined")
    deviation = float(np.std(values, ddof=1)) if n > 1 else float("inf")
    half = float(t.ppf(0.975, n - 1)) * deviation / n**0.5 if n > 1 else float("inf")
    return Mean(float(np.mean(values)), half, n)
