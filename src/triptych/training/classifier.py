"""DefectClassifier: the whole of Triptych behind scikit-learn's contract."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from triptych.config import Config
from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.progress import Track, bar, silent
from triptych.records import Failure, Record, RecordSet, as_record_set
from triptych.training.assess import Assessment, assess
from triptych.training.compute import threads_for
from triptych.training.fitting import fit
from triptych.training.model_folder import Model, load_model, save_model
from triptych.training.prepare import Preparer


class DefectClassifier(BaseEstimator, ClassifierMixin):  # type: ignore[misc]
    """Classifies inspection records by picture, description, reasoning and readings.

    Args:
        config: the configuration; None takes the defaults (the `embedded` preset).
        seed: of every random choice; None takes the configuration's.
        work_dir: where `fit` keeps each finished phase, so that it can be interrupted; None keeps only the caches.
        progress: show progress bars on standard error.

    Attributes:
        model_: the trained model.
        classes_: the labels, sorted; the columns of `predict_proba`.
        failures_: training records that could not be used, and why.
    """

    model_: Model
    classes_: NDArray[np.str_]
    failures_: list[Failure]

    def __init__(
        self,
        config: Config | None = None,
        seed: int | None = None,
        work_dir: StrPath | None = None,
        progress: bool = False,
    ) -> None:
        self.config = config
        self.seed = seed
        self.work_dir = work_dir
        self.progress = progress

    def fit(self, records: Iterable[Record], y: Sequence[str] | None = None) -> Self:
        """Learn from records; `y`, where given, stands for their labels.

        Raises:
            TriptychError: fewer than two classes, or fewer than two usable records of one.
        """
        config = self.config or Config()
        if self.seed is not None:
            config = config.model_copy(update={"seed": self.seed})
        work_dir = None if self.work_dir is None else as_path(self.work_dir)
        fitted = fit(_labelled(as_record_set(records), y), config, work_dir, self._track())
        self.failures_ = fitted.failures
        return self._take(fitted.model)

    def assess(self, records: Iterable[Record]) -> list[Assessment]:
        """The decision on every record and what it rests on, in order; records that cannot be used included.

        Only this training run's layouts are used for reading, so that a decision never depends on earlier ones.
        """
        check_is_fitted(self)
        preparer = Preparer(self.model_.config, self.model_.classes, self.model_.state)
        with threads_for(self.model_.config):
            return list(assess(self.model_, preparer, as_record_set(records), self._track()))

    def predict_proba(self, records: Iterable[Record]) -> NDArray[np.float64]:
        """Class probabilities [n, classes] in the order of `classes_`; a row of NaN for an unusable record."""
        rows = [
            [np.nan] * len(self.classes_) if item.error else list(item.decision.probabilities.values())
            for item in self.assess(records)
        ]
        return np.array(rows, dtype=np.float64).reshape(-1, len(self.classes_))

    def predict(self, records: Iterable[Record]) -> NDArray[np.object_]:
        """The most probable label of every record; None for one that cannot be used."""
        return np.array([item.decision.label for item in self.assess(records)], dtype=object)

    def save(self, folder: StrPath) -> None:
        """Write the model's folder."""
        check_is_fitted(self)
        save_model(self.model_, folder)

    @classmethod
    def load(cls, folder: StrPath, progress: bool = False) -> Self:
        """The classifier that `save` wrote.

        Raises:
            TriptychError: no model there, or a damaged one.
        """
        model = load_model(folder)
        return cls(config=model.config, progress=progress)._take(model)

    def _take(self, model: Model) -> Self:
        self.model_ = model
        self.classes_ = np.array(model.classes)
        return self

    def _track(self) -> Track:
        return bar if self.progress else silent


def _labelled(records: RecordSet, y: Sequence[str] | None) -> RecordSet:
    if y is None:
        return records.where(lambda record: record.label is not None)
    if len(y) != len(records):
        raise TriptychError(f"fit: {len(records)} records but {len(y)} labels; give one label for each record")
    pairs = zip(records, y, strict=True)
    return RecordSet(tuple(replace(record, label=str(label)) for record, label in pairs), records.warnings)
