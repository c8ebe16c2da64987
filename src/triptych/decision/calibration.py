"""How well probabilities agree with frequencies: reliability, expected calibration error, Brier score and log loss.

The confidence is the probability of the most probable class. Records are divided into bins of about equal numbers by
their confidence (Nixon et al., "Measuring calibration in deep learning", 2019); the expected calibration error is the
mean difference between the confidence and the share of right predictions in a bin, weighted by the records in it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10  # number of bins of the expected calibration error, as in most of the literature
FLOOR = 1e-6  # probabilities below this are raised to it for the log loss, and then normalised

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """A bin of the reliability diagram: its number of records, mean confidence, and share of right predictions."""

    records: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """The quality of n probabilities.

    Attributes:
        records: n.
        log_loss: the mean of -ln p of the true class, in nats.
        brier: the mean squared difference to the true class over all classes, 0..2.
        calibration_error: the expected calibration error, 0..1.
        bins: the reliability diagram, by ascending confidence.
    """

    records: int
    log_loss: float
    brier: float
    calibration_error: float
    bins: Sequence[Bin]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"bins": [asdict(found) for found in self.bins]}


def calibration_of(probabilities: Floats, labels: NDArray[np.int64]) -> Calibration:
    """The calibration of probabilities [n, classes] of records with class indices `labels` [n].

    Raises:
        ValueError: there are no records.
    """
    n = len(labels)
    if not n:
        raise ValueError("the calibration of no records is undefined")
    truth = np.eye(probabilities.shape[1])[labels]
    bins = _bins(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels)
    return Calibration(
        records=n,
        log_loss=log_loss(probabilities, labels),
        brier=float(((probabilities - truth) ** 2).sum(axis=1).mean()),
        calibration_error=float(sum(b.records * abs(b.confidence - b.accuracy) for b in bins) / n),
        bins=bins,
    )


def log_loss(probabilities: Floats, labels: NDArray[np.int64]) -> float:
    """The mean of -ln p of the true class, in nats, of probabilities [n, classes] and class indices [n]."""
    clipped = np.clip(probabilities, FLOOR, None)
    return float(-np.log(clipped[np.arange(len(labels)), labels] / clipped.sum(axis=1)).mean())


def _bins(confidence: Floats, right: NDArray[np.bool_]) -> list[Bin]:
    order = np.argsort(confidence, kind="stable")
    parts = (part for part in np.array_split(order, BINS) if len(part))
    return [Bin(len(part), float(confidence[part].mean()), float(right[part].mean())) for part in parts]
