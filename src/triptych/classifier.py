"""DefectClassifier: Triptych as a scikit-learn estimator."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.validation import check_is_fitted

from triptych.config import Config
from triptych.errors import InputError
from triptych.explain.explanation import reasons
from triptych.model.folder import load_model, save_model
from triptych.model.label_types import Labels, check_labels, dtype_name, labels_of, texts_of
from triptych.model.model import Model
from triptych.model.prediction import Assessment, assess
from triptych.network.compute import threads_for
from triptych.parameters import ConfiguredEstimator, changed, checked
from triptych.paths import StrPath, as_path
from triptych.preparation.columns import match_columns
from triptych.preparation.preparer import Preparer
from triptych.progress import Track, bar, silent
from triptych.records import Failure, Record, RecordSet, as_record_set, summarised
from triptych.training.fitting import fingerprint, fit

STRUCTURE = ("label", "split", "group")  # columns of a DataFrame that are not features


class DefectClassifier(ClassifierMixin, ConfiguredEstimator):  # type: ignore[misc]
    """Classifies inspection records by picture, description, reasoning and readings.

    All methods take as `X` what `triptych.records.as_record_set` accepts: records, paths of pictures, PIL pictures,
    arrays of pixels, or a DataFrame with a column `image` and a column for every reading.

    Every setting of the configuration is a nested parameter, such as `config__fusion__epochs`.

    Args:
        config: the configuration; None takes the defaults (the `embedded` preset).
        seed: the seed of all random numbers; None takes the configuration's.
        work_dir: the folder in which `fit` stores finished phases, to continue after an interruption, in a subfolder
            for each combination of records and settings. None stores only the caches.
        progress: show progress bars on standard error.
        allow_missing: classify records without columns that the model was trained on; they go to review.

    Attributes:
        model_: the trained model.
        classes_: the labels, sorted, in the type of `y`; the columns of `predict_proba`.
        failures_: training records that could not be used, and why.
        n_features_in_, feature_names_in_: the columns of the DataFrame in training, without `label`, `split` and
            `group`; not set for other inputs.
    """

    model_: Model
    classes_: Labels
    failures_: list[Failure]
    n_features_in_: int
    feature_names_in_: NDArray[np.object_]

    def __init__(
        self,
        config: Config | None = None,
        seed: int | None = None,
        work_dir: StrPath | None = None,
        progress: bool = False,
        allow_missing: bool = False,
    ) -> None:
        self.config = config
        self.seed = seed
        self.work_dir = work_dir
        self.progress = progress
        self.allow_missing = allow_missing

    def fit(self, X: Any, y: Any = None) -> Self:
        """Train on records; `y`, if given, replaces their labels.

        Args:
            X: n records.
            y: n labels, text, whole numbers or truth values; None takes the labels that the records carry.

        Raises:
            TriptychError: fewer than two classes, or fewer than two usable records of one.
            InputError: `X` or `y` cannot be used, or they do not fit together; it is also a ValueError.
        """
        records = as_record_set(X)
        _warn(records.warnings)
        unlabelled: list[Failure] = []
        dtype = "str"
        if y is None:
            unlabelled = [_unlabelled(record) for record in records if record.label is None]
            records = records.where(lambda record: record.label is not None)
        else:
            labels = check_labels(y, len(records))
            dtype, records = dtype_name(labels), _labelled(records, texts_of(labels))
        config = self._configuration(records, dtype)
        fitted = fit(records, config, self._work_dir(records, config), self._track())
        _warn(fitted.warnings)
        self.failures_ = [*unlabelled, *fitted.failures]
        _warn_of(self.failures_, "not used to train")
        self._remember_columns(X)
        return self._take(replace(fitted.model, label_dtype=dtype))

    def match(self, X: Any, name: str = "records") -> RecordSet:
        """The records of `X`, with only the columns that the model knows; warnings name the others.

        Raises:
            TriptychError: a column that the model was trained on is missing, and `allow_missing` is off.
        """
        check_is_fitted(self)
        expected = self.model_.state.expected
        records = as_record_set(X)
        return match_columns(records, expected, name, allow_missing=self.allow_missing) if expected else records

    def assess(self, X: Any) -> list[Assessment]:
        """The decision on every record and the evidence for it, in order, including records that cannot be used.

        Reading uses only the layouts learned in training, so a decision does not depend on earlier ones.

        Raises:
            TriptychError: a column that the model was trained on is missing, and `allow_missing` is off.
        """
        return list(self.assess_each(X))

    def assess_each(self, X: Any, *, explain: bool = False) -> Iterator[Assessment]:
        """The same as an iterator, which holds only a few records in memory.

        Args:
            X: n records.
            explain: fill `Assessment.why`, which takes one to three seconds a record.
        """
        records = self.match(X)
        _warn(records.warnings[len(X.warnings) :] if isinstance(X, RecordSet) else records.warnings)
        model = self.model_
        with Preparer(model.config, model.classes, model.state) as preparer, threads_for(model.config):
            yield from assess(model, preparer, records, self._track(), reasons if explain else None)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Class probabilities [n, classes] in the order of `classes_`; a row of NaN for an unusable record."""
        found = self._assessed(X)
        texts = texts_of(self.classes_)
        rows = [
            [np.nan] * len(texts) if item.error else [item.decision.probabilities[text] for text in texts]
            for item in found
        ]
        return np.array(rows, dtype=np.float64).reshape(-1, len(texts))

    def predict(self, X: Any) -> Labels:
        """The chosen label of every record (`decision.balance`), in the type of `classes_`.

        If records cannot be used, a warning counts them, their label is None, and the type is object.
        """
        places = self._places(self._assessed(X))
        if None not in places:
            return self.classes_[np.array(places, dtype=np.intp)]
        return np.array([None if place is None else self.classes_[place] for place in places], dtype=object)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """The accuracy; a record that cannot be used counts as wrong.

        Args:
            X: n records.
            y: n labels; None takes the labels that the records carry.
            sample_weight: [n]; None gives all records equal weight.
        """
        records = as_record_set(X)
        if y is None:
            if any(record.label is None for record in records):
                raise InputError("score: some records have no label; give y")
            y = labels_of([record.label or "" for record in records], self.model_.label_dtype)
        truth = check_labels(y, len(records))
        places = self._places(self._assessed(records))
        usable = np.array([place is not None for place in places])
        weights = np.ones(len(truth)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        if not usable.any():
            return 0.0
        predicted = self.classes_[np.array([place for place in places if place is not None], dtype=np.intp)]
        share = weights[usable].sum() / weights.sum()
        return float(share * accuracy_score(truth[usable], predicted, sample_weight=weights[usable]))

    def save(self, folder: StrPath) -> None:
        """Write the model's folder."""
        check_is_fitted(self)
        save_model(self.model_, folder)

    @classmethod
    def load(
        cls,
        folder: StrPath,
        progress: bool = False,
        device: str | None = None,
        allow_servers: Sequence[str] = (),
        layouts: Sequence[StrPath] = (),
    ) -> Self:
        """The classifier that `save` wrote.

        Args:
            folder: the model's folder.
            progress: show progress bars on standard error.
            device: the device of the network, `cpu` or `cuda`; None is `auto`.
            allow_servers: URLs of servers it may talk to, besides those named on this machine (docs/servers.md).
            layouts: layout files, or folders of them, for reading, besides those of the model (docs/layouts.md).

        Raises:
            TriptychError: the model or a layout cannot be read, the device does not exist, or a server was not named.
        """
        model = load_model(folder, device, allow_servers, layouts)
        return cls(config=model.config, progress=progress)._take(model)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False  # n records; a DataFrame of readings needs a column of pictures
        tags.input_tags.one_d_array = tags.input_tags.three_d_array = True
        tags.input_tags.string = tags.input_tags.allow_nan = True
        tags.target_tags.required = False  # records may carry their labels
        return tags

    def _configuration(self, records: RecordSet, dtype: str) -> Config:
        """The configuration to train with."""
        config = checked(self.config)
        settings: dict[str, Any] = {} if self.seed is None else {"seed": self.seed}
        if dtype not in ("str", "object") and config.normal not in (None, *records.classes):
            _warn([f"normal={config.normal!r} is left out, because the labels are of type {dtype}"])
            settings["normal"] = None  # cross_val_predict, among others, replaces labels by numbers
        return changed(config, settings)

    def _work_dir(self, records: RecordSet, config: Config) -> Path | None:
        """The subfolder of this run in `work_dir`, which all runs of a parameter search share."""
        return None if self.work_dir is None else as_path(self.work_dir) / fingerprint(config, records)[:16]

    def _assessed(self, X: Any) -> list[Assessment]:
        """As `assess`, with warnings about records that cannot be used and about notes."""
        found = self.assess(X)
        _warn_of([Failure(item.record.id, item.error) for item in found if item.error], "without a prediction")
        _warn(summarised((item.record.id, note) for item in found for note in item.notes))
        return found

    def _places(self, found: Sequence[Assessment]) -> list[int | None]:
        """The index in `classes_` of each record's label; None if the record cannot be used."""
        place = {text: i for i, text in enumerate(texts_of(self.classes_))}
        return [None if item.decision.label is None else place[item.decision.label] for item in found]

    def _take(self, model: Model) -> Self:
        self.model_ = model
        self.classes_ = np.sort(labels_of(model.classes, model.label_dtype))
        return self

    def _remember_columns(self, X: Any) -> None:
        """Store the names of a DataFrame's columns, as scikit-learn's estimators do."""
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self, name):
                delattr(self, name)
        if hasattr(X, "columns") and hasattr(X, "iloc"):
            names = [name for name in X.columns if name not in STRUCTURE]
            self.n_features_in_ = len(names)
            if all(isinstance(name, str) for name in names):
                self.feature_names_in_ = np.array(names, dtype=object)

    def _track(self) -> Track:
        return bar if self.progress else silent


def _labelled(records: RecordSet, labels: Sequence[str]) -> RecordSet:
    pairs = zip(records, labels, strict=True)
    return replace(records, records=tuple(replace(record, label=label) for record, label in pairs))


def _unlabelled(record: Record) -> Failure:
    return Failure(record.id, f"{record.id}: has no label")


def _warn_of(failures: Sequence[Failure], outcome: str) -> None:
    """Warn about records that could not be used."""
    if failures:
        _warn([f"{len(failures)} record(s) are {outcome}; the first: {failures[0].message}"])


def _warn(messages: Sequence[str]) -> None:
    for message in messages:
        warnings.warn(message, UserWarning, stacklevel=4)
