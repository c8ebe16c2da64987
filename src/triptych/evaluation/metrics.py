"""The scores of a classifier on labelled records, for both tasks of the paper (section 4.1, equations 11 and 12).

Over the classes: F1, precision and recall of each class, macro-F1, and the confusion matrix. If one class is normal,
also for normal against defective: F1 of both and their mean, the escape rate and the overkill rate. All scores are
percentages.

A score that would divide by zero is undefined, and None: the recall of a class without records, the precision of a
class that was never predicted, and the F1 of a class to which both apply. Macro-F1 is the mean of the defined F1
scores, so classes that are missing from a split do not lower it. A class without records that was predicted has an F1
of zero, which counts.

The log loss measures the quality of probabilities. It is in nats, not a percentage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.decision import calibration
from triptych.errors import TriptychError

NORMAL, DEFECTIVE = "normal", "defective"

Percent = float | None  # None: undefined


@dataclass(frozen=True)
class BinaryScores:
    """Scores of normal against defective; every defect class counts as defective. Percentages, None if undefined.

    Attributes:
        macro_f1: the mean of both F1 scores.
        f1: F1 of `normal` and of `defective`.
        escape_rate: the share of the defective records predicted as normal.
        overkill_rate: the share of the normal records predicted as defective.
    """

    macro_f1: float
    f1: Mapping[str, Percent]
    escape_rate: Percent
    overkill_rate: Percent

    def to_json(self) -> dict[str, Any]:
        """The scores by name."""
        return {
            "macro_f1": self.macro_f1,
            "f1": dict(self.f1),
            "escape_rate": self.escape_rate,
            "overkill_rate": self.overkill_rate,
        }


@dataclass(frozen=True)
class Scores:
    """Scores over the classes. Percentages, None if undefined.

    Attributes:
        n: number of records.
        classes: in the order of the confusion matrix.
        accuracy: the share of records whose predicted class is right.
        macro_f1: equation 12.
        f1: equation 11, by class.
        precision: by class.
        recall: by class.
        confusion: counts [classes, classes]; rows are true, columns predicted.
        binary: normal against defective; None without a normal class.
    """

    n: int
    classes: tuple[str, ...]
    accuracy: float
    macro_f1: float
    f1: Mapping[str, Percent]
    precision: Mapping[str, Percent]
    recall: Mapping[str, Percent]
    confusion: list[list[int]]
    binary: BinaryScores | None

    @property
    def support(self) -> dict[str, int]:
        """The number of records of each class."""
        return {name: sum(row) for name, row in zip(self.classes, self.confusion, strict=True)}

    def to_json(self) -> dict[str, Any]:
        """The scores as `triptych evaluate --json` writes them; an undefined score is null."""
        return {
            "n": self.n,
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "f1": dict(self.f1),
            "precision": dict(self.precision),
            "recall": dict(self.recall),
            "support": self.support,
            "binary": self.binary.to_json() if self.binary else None,
            "confusion": {"classes": list(self.classes), "matrix": self.confusion},
        }


def score(labels: Sequence[str], predicted: Sequence[str], classes: Sequence[str], normal: str | None) -> Scores:
    """Score `predicted` against `labels`, record by record.

    Args:
        labels: the true class of each record.
        predicted: the predicted class of each record.
        classes: all classes of the classifier, in the order of the confusion matrix.
        normal: the normal one of `classes`; None leaves out normal against defective.

    Raises:
        TriptychError: there are no records, or a label is not one of `classes`.
        ValueError: `labels` and `predicted` differ in length.
    """
    from sklearn.metrics import accuracy_score, confusion_matrix

    _check(labels, classes)
    by_class = _by_class(labels, predicted, classes)
    return Scores(
        n=len(labels),
        classes=tuple(classes),
        accuracy=100 * float(accuracy_score(labels, predicted)),
        macro_f1=_mean(by_class.f1),
        f1=by_class.f1,
        precision=by_class.precision,
        recall=by_class.recall,
        confusion=confusion_matrix(labels, predicted, labels=list(classes)).tolist(),
        binary=None if normal is None else _binary(labels, predicted, normal),
    )


@dataclass(frozen=True)
class _ByClass:
    precision: dict[str, Percent]
    recall: dict[str, Percent]
    f1: dict[str, Percent]


def log_loss(labels: Sequence[str], probabilities: NDArray[np.float64], classes: Sequence[str]) -> float:
    """The mean of -ln p over the records, where p is the probability of the true class.

    Args:
        labels: the true classes of n records.
        probabilities: [n, classes].
        classes: in the order of the columns.

    Raises:
        TriptychError: there are no records, or a label is not one of `classes`.
        ValueError: `probabilities` has another shape, or is not finite.
    """
    _check(labels, classes)
    if probabilities.shape != (len(labels), len(classes)) or not np.isfinite(probabilities).all():
        raise ValueError(f"probabilities must be finite and of shape [{len(labels)}, {len(classes)}]")
    return calibration.log_loss(probabilities, np.array([classes.index(label) for label in labels]))


def binary_log_loss(
    labels: Sequence[str], probabilities: NDArray[np.float64], classes: Sequence[str], normal: str
) -> float:
    """The log loss of normal against defective, with the sum of the probabilities of all defect classes.

    Args:
        labels: the true classes of n records.
        probabilities: [n, classes].
        classes: in the order of the columns.
        normal: the normal one of `classes`.

    Raises:
        TriptychError, ValueError: as `log_loss`.
    """
    _check(labels, classes)
    place = classes.index(normal)
    pair = np.stack([probabilities[:, place], np.delete(probabilities, place, axis=1).sum(axis=1)], axis=1)
    return log_loss([NORMAL if name == normal else DEFECTIVE for name in labels], pair, (NORMAL, DEFECTIVE))


def _check(labels: Sequence[str], classes: Sequence[str]) -> None:
    if not labels:
        raise TriptychError("there are no labelled records to score; choose another split, or give the records labels")
    if unknown := sorted(set(labels) - set(classes)):
        raise TriptychError(
            f"some records are labelled {', '.join(unknown)}, which is no class of the model; its classes are "
            f"{', '.join(classes)}; train it on these labels too, or leave those records out"
        )


def _by_class(labels: Sequence[str], predicted: Sequence[str], classes: Sequence[str]) -> _ByClass:
    """Precision, recall and F1 (equation 11) of each class, in percent."""
    from sklearn.metrics import precision_recall_fscore_support

    scores = precision_recall_fscore_support(labels, predicted, labels=list(classes), zero_division=float("nan"))
    percent = [
        {name: None if value != value else 100 * float(value) for name, value in zip(classes, column, strict=True)}
        for column in scores[:3]
    ]
    return _ByClass(*percent)


def _mean(f1: Mapping[str, Percent]) -> float:
    """The mean of the defined scores (equation 12); with records, at least one is defined."""
    known = [value for value in f1.values() if value is not None]
    return sum(known) / len(known)


def _binary(labels: Sequence[str], predicted: Sequence[str], normal: str) -> BinaryScores:
    """The scores after all defect classes are merged into one."""

    def side(name: str) -> str:
        return NORMAL if name == normal else DEFECTIVE

    scores = _by_class([side(name) for name in labels], [side(name) for name in predicted], (NORMAL, DEFECTIVE))
    missed = {name: None if recall is None else 100 - recall for name, recall in scores.recall.items()}
    return BinaryScores(_mean(scores.f1), scores.f1, escape_rate=missed[DEFECTIVE], overkill_rate=missed[NORMAL])
