"""Settings chosen within the training records: every combination of a grid, by cross-validated macro-F1."""

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
"""Of every fold, the rows to learn from and those held out."""


@dataclass(frozen=True)
class Fitted:
    """A fitted scikit-learn classifier.

    Attributes:
        estimator: gives the labels.
        calibrated: gives probabilities where the estimator itself gives none; None where nothing does.
    """

    estimator: Any = field(repr=False)
    calibrated: Any = field(default=None, repr=False)

    def predict(self, features: Any) -> Predictions:
        """Label and probabilities of every row of `features` [n, ...]."""
        labels = [str(label) for label in self.estimator.predict(features)]
        source = self.estimator if hasattr(self.estimator, "predict_proba") else self.calibrated
        return Predictions(labels, None if source is None else source.predict_proba(features))


def fit_best(
    learner: Any, grid: Grid, features: Any, records: Sequence[PeerRecord], labels: Sequence[str], seed: int
) -> Fitted:
    """The scikit-learn estimator `learner` with the best settings of `grid`, fitted to all of `features` [n, ...].

    The folds hold the classes in their proportions; there are fewer of them where a class is smaller than `FOLDS`.
    Records of one picture or group stay together, for a setting that knows them by heart would seem to do well. Where
    there is but one such group, the first settings are taken.

    An estimator without probabilities, such as an SVM, gets them by temperature scaling (Guo et al., 2017) of its
    decision values, fitted to the records that each fold holds out. They do not change its labels. There are none where
    a fold has too few records to learn every class from.
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
    """As `fit_best`, with folds that are given, of which none has to hold every row, and with weights of the rows."""
    from sklearn.model_selection import GridSearchCV

    weighed = {} if weights is None else {"sample_weight": weights}
    if not division:
        first = learner.set_params(**{name: values[0] for name, values in grid.items()})
        return Fitted(first.fit(features, list(labels), **weighed))
    search = GridSearchCV(learner, dict(grid), scoring="f1_macro", cv=division)
    best = search.fit(features, list(labels), **weighed).best_estimator_
    if hasattr(best, "predict_proba") or not all(_holds_all(labels, known) for known, _ in division):
        return Fitted(best)
    return Fitted(best, _calibrated(best, division, len(labels)).fit(features, list(labels), **weighed))


def _calibrated(estimator: Any, division: Division, count: int) -> Any:
    """`estimator` with probabilities: one machine, or that of each fold where some rows are held out by none."""
    from sklearn.calibration import CalibratedClassifierCV

    every = sum(len(held) for _, held in division) == count
    return CalibratedClassifierCV(estimator, method="temperature", cv=division, ensemble=not every)


def _holds_all(labels: Sequence[str], rows: Sequence[int]) -> bool:
    """Whether every class has a record at `rows`."""
    return {labels[row] for row in rows} == set(labels)
