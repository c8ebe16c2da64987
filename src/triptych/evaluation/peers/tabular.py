"""Scikit-learn peers that get the readings of a record only, or its texts only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from triptych.evaluation.peers.columns import find_columns
from triptych.evaluation.peers.peer import Peer, PeerRecord, Predictions
from triptych.evaluation.peers.search import Fitted, fit_best
from triptych.progress import Track

WEIGHTS = (None, "balanced")
TREES = 200


@dataclass(frozen=True)
class Learner:
    """A scikit-learn classifier and the grid of its settings."""

    build: Callable[[int], Any]  # takes a seed
    grid: Mapping[str, Sequence[object]]


def _logistic(seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=5000)


def _forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(TREES, random_state=seed)


def _svm(seed: int) -> Any:
    from sklearn.svm import SVC

    return SVC()


def _boosting(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(min_samples_leaf=5, random_state=seed)  # 20 is too large for few records


LOGISTIC = Learner(_logistic, {"C": (0.01, 0.1, 1.0, 10.0, 100.0), "class_weight": WEIGHTS})
FOREST = Learner(_forest, {"min_samples_leaf": (1, 3), "class_weight": (None, "balanced_subsample")})
SVM = Learner(_svm, {"C": (1.0, 10.0, 100.0, 1000.0), "gamma": ("scale", 0.01, 0.001), "class_weight": WEIGHTS})
BOOSTING = Learner(_boosting, {"max_leaf_nodes": (4, 31), "class_weight": WEIGHTS})


class OnReadings(Peer):
    """A classifier on the numbers and words of a record; without any, it predicts the most frequent class."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the readings."""
        from sklearn.dummy import DummyClassifier
        from sklearn.pipeline import Pipeline

        self.columns = find_columns(record.readings for record in records)
        steps = [("columns", self.columns.transformer()), ("learner", self.learner.build(seed))]
        grid = {f"learner__{name}": values for name, values in self.learner.grid.items()}
        if self.columns.numbers or self.columns.words:
            self.model = fit_best(Pipeline(steps), grid, self._table(records), records, labels, seed)
        else:
            self.model = Fitted(DummyClassifier().fit(self._table(records), labels))
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.model.predict(self._table(records))

    def _table(self, records: Sequence[PeerRecord]) -> Any:
        return self.columns.table([record.readings for record in records])


class OnTexts(Peer):
    """Logistic regression on TF-IDF weights of the words, or of words and word pairs, in a record's texts."""

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on the texts."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import Pipeline

        self.columns = find_columns(record.readings for record in records)
        steps = [("words", TfidfVectorizer(sublinear_tf=True)), ("learner", LOGISTIC.build(seed))]
        grid = {"words__ngram_range": ((1, 1), (1, 2))} | {f"learner__{name}": v for name, v in LOGISTIC.grid.items()}
        self.model = fit_best(Pipeline(steps), grid, self._texts(records), records, labels, seed)
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record."""
        return self.model.predict(self._texts(records))

    def _texts(self, records: Sequence[PeerRecord]) -> list[str]:
        return [self.columns.text(record.readings) for record in records]
