"""Peers on Triptych's own inputs: its readings features, and the records drawn by its augmentation.

They show what Triptych adds to its features. Each is a scikit-learn classifier with cross-validated settings; `OwnMean`
is the geometric mean of their probabilities. A drawn record is never held out: it is in the training part of a fold
exactly if the record from which it was drawn is.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from triptych.decision.calibration import FLOOR
from triptych.evaluation.peers.peer import Predictions
from triptych.evaluation.peers.search import FOLDS, Division, Fitted, best_of
from triptych.evaluation.peers.tabular import BOOSTING, LOGISTIC, SVM, TREES, WEIGHTS, Learner
from triptych.features.scaling import fit_scales, standardise
from triptych.features.vector import Features
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.records import Record
from triptych.records.splits import folds, sides

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Training records with their readings features, and the records drawn from them.

    Attributes:
        prepared: the training records.
        drawn: the records drawn from them.
        seed: seed of all random choices.
        seconds: time to choose the augmentation and to draw.
        fitted: the learners fitted so far by name, with their fit times in seconds; several peers share them.
    """

    prepared: Sequence[Prepared] = field(repr=False)
    drawn: Sequence[DrawnRecord] = field(repr=False)
    seed: int
    seconds: float = 0.0
    fitted: dict[str, tuple[Fitted, float]] = field(default_factory=dict, repr=False)

    @cached_property
    def features(self) -> Features:
        """The features, learned from the training records."""
        return Features.learn(self.prepared)

    @cached_property
    def labels(self) -> list[str]:
        """The labels of the training records, followed by those of the drawn records."""
        records: list[Record] = [*(item.record for item in self.prepared), *(item.record for item in self.drawn)]
        return [record.label or "" for record in records]

    @cached_property
    def weights(self) -> Floats:
        """Sample weights: 1 for each training record, and 1 in total for all records drawn from it."""
        counts = np.bincount([item.origin for item in self.drawn], minlength=len(self.prepared))
        return np.concatenate([np.ones(len(self.prepared)), [1 / counts[item.origin] for item in self.drawn]])

    @cached_property
    def matrix(self) -> Floats:
        """Standardised features [n, c] of the training records, followed by those of the drawn records."""
        return self.standardised((*self.prepared, *self.drawn))

    @cached_property
    def division(self) -> Division:
        """Stratified folds that keep pictures and groups together; drawn records are never held out."""
        own = self.labels[: len(self.prepared)]
        pairs = folds(own, sides([item.record for item in self.prepared]), FOLDS, self.seed)
        return [([*known, *self._drawn_from(known)], held) for known, held in pairs]

    def standardised(self, records: Sequence[Prepared | DrawnRecord]) -> Floats:
        """Features [n, c], standardised by the training records; a missing value is replaced by the mean."""
        return np.nan_to_num(standardise(self.features.matrix(records), self._scales), nan=0.0)

    def fit(self, name: str) -> tuple[Fitted, float]:
        """The fitted learner LEARNERS[name] with its best settings, and the seconds saved if it was already fitted."""
        if name in self.fitted:
            return self.fitted[name]
        learner, start = LEARNERS[name], time.perf_counter()
        found = best_of(
            learner.build(self.seed), learner.grid, self.matrix, self.labels, self.division, weights=self.weights
        )
        self.fitted[name] = found, time.perf_counter() - start
        return found, 0.0

    @cached_property
    def _scales(self) -> Floats:
        return fit_scales(self.features.matrix(self.prepared))

    def _drawn_from(self, rows: Sequence[int]) -> list[int]:
        """The rows of the records drawn from the training records at `rows`."""
        origins = set(rows)
        return [len(self.prepared) + place for place, item in enumerate(self.drawn) if item.origin in origins]


class PreparedPeer(ABC):
    """A classifier of records prepared by Triptych.

    Attributes:
        spared: seconds of training saved, because another peer had fitted the same learner to the same examples.
    """

    note = ""
    spared = 0.0

    @abstractmethod
    def fit(self, examples: Examples) -> Self:
        """Train on `examples`, which have at least one feature."""

    @abstractmethod
    def predict(self, records: Sequence[Prepared]) -> Predictions:
        """Predict the label and probabilities of every record."""


class Own(PreparedPeer):
    """One of LEARNERS on Triptych's features."""

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(self, examples: Examples) -> Self:
        """Choose the settings by cross-validation, and train."""
        self.examples = examples
        self.model, self.spared = examples.fit(self.name)
        return self

    def predict(self, records: Sequence[Prepared]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.model.predict(self.examples.standardised(records))


class OwnMean(PreparedPeer):
    """The geometric mean of the probabilities of all LEARNERS, except those without probabilities."""

    def fit(self, examples: Examples) -> Self:
        """Choose the settings of each learner by cross-validation, and train it."""
        self.classes = sorted(set(examples.labels))
        self.members = [Own(name).fit(examples) for name in LEARNERS]
        self.spared = sum(member.spared for member in self.members)
        return self

    def predict(self, records: Sequence[Prepared]) -> Predictions:
        """Predict the label and probabilities of every record."""
        found = [member.predict(records).probabilities for member in self.members]
        mean = geometric_mean([shares for shares in found if shares is not None])
        return Predictions.most_probable(self.classes, mean)


def geometric_mean(shares: Sequence[Floats]) -> Floats:
    """The normalised geometric mean of several methods' probabilities [n, classes], each raised to at least FLOOR."""
    logarithms = np.mean([np.log(np.clip(one, FLOOR, None)) for one in shares], axis=0)
    means = np.exp(logarithms)
    normalised: Floats = means / means.sum(axis=1, keepdims=True)
    return normalised


def _trees(seed: int) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(TREES, random_state=seed)


LEARNERS = {
    "logistic": Learner(LOGISTIC.build, {"C": (0.01, 0.1, 1.0, 10.0), "class_weight": WEIGHTS}),
    "svm": Learner(SVM.build, {"C": (1.0, 10.0, 100.0), "gamma": ("scale", 0.01), "class_weight": WEIGHTS}),
    "boosting": Learner(BOOSTING.build, {"max_leaf_nodes": (4, 15)}),
    "trees": Learner(_trees, {"min_samples_leaf": (1, 3), "class_weight": WEIGHTS}),
}
"""The scikit-learn classifiers with their grids, which are small because drawn records make fits slower."""
