"""Grid search of the settings of peers by cross-validated macro-F1 on the training records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.evaluation.peers.peer import PeerRecord, Predictions
from triptych.records.splits import folds

FOLDS = 5

Grid = Mapping[str, Sequence[object]]
Division = Sequence[tuple[list[int], list[int]]]
"""The training rows and the held-out rows of every fold."""


@dataclass(frozen=True)
class Fitted:
    """A fitted scikit-learn classifier.

    Attributes:
        estimator: predicts the labels, and the probabilities if it can.
        calibrated: predicts the probabilities if `estimator` cannot; None: there are no probabilities.
    """

    estimator: Any = field(repr=False)
    calibrated: Any = field(default=None, repr=False)

    def predict(self, features: Any) -> Predictions:
        """Predict the label and probabilities of every row of `features` [n, ...]."""
        labels = [str(label) for label in self.estimator.predict(features)]
        source = self.estimator if hasattr(self.estimator, "predict_proba") else self.calibrated
        return Predictions(labels, None if source is None else source.predict_proba(features))


def fit_best(
    learner: Any, grid: Grid, features: Any, records: Sequence[PeerRecord], labels: Sequence[str], seed: int
) -> Fitted:
    """Fit the scikit-learn estimator `learner` with the best settings of `grid` to all of `features` [n, ...].

    Folds are stratified; there are fewer than `FOLDS` if a class has fewer records. Records of one picture or group
    stay together, because a setting that memorises them would otherwise score too well. If no folds are possible, as
    with a single group, the first settings are used.

    An estimator without probabilities, such as an SVM, gets them by temperature scaling (Guo et al., 2017) of its
    decision values, fitted to the held-out records of all folds. This does not change its labels. There are no
    probabilities if the training part of a fold lacks a class, or if there are no folds.
    """
    sources = [record.source or str(place) for place, record in enumerate(records)]
    numbers = {source: number for number, source in enumerate(sorted(set(sources)))}
    division = folds(labels, [numbers[source] for source in sources], FOLDS, seed)
    return best_of(learner, grid, features, labels, division)


def best_of(
    learner: Any,
    grid: Grid,
    features: Any,
    labels: Sequence[str],
    division: Division,
    weights: NDArray[np.float64] | None = None,
) -> Fitted:
    """Like `fit_best`, with given folds, which may leave rows that are never held out, and with sample weights."""
    from sklearn.model_selection import GridSearchCV

    fit_arguments = {} if weights is None else {"sample_weight": weights}
    if not division:
        first = learner.set_params(**{name: values[0] for name, values in grid.items()})
        return Fitted(first.fit(features, list(labels), **fit_arguments))
    search = GridSearchCV(learner, dict(grid), scoring="f1_macro", cv=division)
    best = search.fit(features, list(labels), **fit_arguments).best_estimator_
    if hasattr(best, "predict_proba") or not all(_holds_all(labels, known) for known, _ in division):
        return Fitted(best)
    return Fitted(best, _calibrated(best, division, len(labels)).fit(features, list(labels), **fit_arguments))


def _calibrated(estimator: Any, division: Division, count: int) -> Any:
    """`estimator` with calibrated probabilities; an ensemble of one per fold if some rows are never held out."""
    from sklearn.calibration import CalibratedClassifierCV

    all_held_out = sum(len(held) for _, held in division) == count
    return CalibratedClassifierCV(estimator, method="temperature", cv=division, ensemble=not all_held_out)


def _holds_all(labels: Sequence[str], rows: Sequence[int]) -> bool:
    """Whether every class has a record in `rows`."""
    return {labels[row] for row in rows} == set(labels)
