"""Drift of each quantity between the training records and new ones, in its own unit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST = 5  # new values, with fewer of which a quantity is not tested


@dataclass(frozen=True)
class Drift:
    """The drift of one quantity.

    Attributes:
        name: the quantity.
        records: the number of new values.
        before, after: the medians of the training values and of the new ones.
        shift: the difference of the means, with its 95% interval (Welch) as `low` and `high`.
        sigmas: the shift in standard deviations of the training values; None if these are equal.
        p_value: twice the smaller one of two tests, Mann-Whitney for a shift and Kolmogorov-Smirnov for any change. It
            is corrected for the number of quantities (Holm).
    """

    name: str
    records: int
    before: float
    after: float
    shift: float
    low: float
    high: float
    sigmas: float | None
    p_value: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def drifts(known: Mapping[str, Sequence[float]], new: Mapping[str, Sequence[float]]) -> list[Drift]:
    """The drift of each quantity with enough new values, the least p-value first."""
    from scipy.stats import ks_2samp, mannwhitneyu

    found = []
    for name in known:
        old, now = (np.array([v for v in values.get(name, ()) if v == v]) for values in (known, new))
        if len(old) >= LEAST and len(now) >= LEAST:
            least = min(float(ks_2samp(old, now).pvalue), float(mannwhitneyu(old, now).pvalue))
            found.append(_drift(name, old, now, min(1.0, 2 * least)))
    ranked = sorted(found, key=lambda drift: drift.p_value)
    corrected = np.maximum.accumulate([(len(ranked) - i) * drift.p_value for i, drift in enumerate(ranked)])
    return [_corrected(drift, min(1.0, float(p))) for drift, p in zip(ranked, corrected, strict=True)]


def _drift(name: str, old: Floats, now: Floats, p_value: float) -> Drift:
    from scipy.stats import ttest_ind

    shift, spread = float(now.mean() - old.mean()), float(old.std(ddof=1))
    low = high = shift
    if spread > 0 or now.std() > 0:
        interval = ttest_ind(now, old, equal_var=False).confidence_interval(0.95)
        low, high = float(interval.low), float(interval.high)
    sigmas = shift / spread if spread > 0 else None
    return Drift(name, len(now), float(np.median(old)), float(np.median(now)), shift, low, high, sigmas, p_value)


def _corrected(drift: Drift, p_value: float) -> Drift:
    return Drift(**{**asdict(drift), "p_value": p_value})
