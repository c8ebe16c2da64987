"""Class-conditional conformal prediction sets (Mondrian: Vovk et al., "Algorithmic learning in a random world", 2005).

The set of a record holds every class c whose p-value is above 1 - confidence:

    p_c = (1 + number of records of class c that fit it no better) / (1 + number of records of class c)

A record fits class c the better, the greater the pool's probability of c is. So of each class separately, at least the
stated share of the records has its true class in the set. The probabilities of the training records are out of fold
(cross-conformal: Vovk, 2015). A class with fewer than 19 records cannot be excluded with 95% confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triptych.decision.operating_point import Evidence

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PredictionSets:
    """The out-of-fold probabilities of the own class, by class.

    Attributes:
        classes: the labels, in the order of the probabilities.
        calibration: for each class, the probability of this class of its records, ascending; records that share a
            picture or a group count as one, by the one that fits worst.
    """

    classes: Sequence[str]
    calibration: Sequence[Floats] = field(repr=False)

    @classmethod
    def of(cls, evidence: Evidence) -> "PredictionSets":
        """The sets that follow from out-of-fold probabilities."""
        own = evidence.probabilities[np.arange(len(evidence.labels)), evidence.labels]
        by_class = []
        for index in range(len(evidence.classes)):
            rows = evidence.labels == index
            worst: dict[int, float] = {}
            for side, value in zip(evidence.sides[rows].tolist(), own[rows].tolist(), strict=True):
                worst[side] = min(value, worst.get(side, 1.0))
            by_class.append(np.sort(np.array(list(worst.values()), dtype=np.float64)))
        return cls(evidence.classes, by_class)

    def p_values(self, probabilities: Floats) -> Floats:
        """The p-values [n, classes] of records with these probabilities [n, classes]."""
        columns = [
            (1 + np.searchsorted(kept, probabilities[:, index], side="right")) / (1 + len(kept))
            for index, kept in enumerate(self.calibration)
        ]
        return np.stack(columns, axis=1)

    def sets(self, probabilities: Floats, confidence: float) -> list[tuple[str, ...]]:
        """The classes that cannot be excluded, for each of n records; empty if no class fits."""
        kept = self.p_values(probabilities) > 1 - confidence
        return [tuple(name for name, inside in zip(self.classes, row, strict=True) if inside) for row in kept]


def least_class_records(confidence: float) -> int:
    """The least number of records of a class with which it can be excluded, such as 19 for 95%."""
    return int(np.ceil(round(1 / (1 - confidence), 9))) - 1
