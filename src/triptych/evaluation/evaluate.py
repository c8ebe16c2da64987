"""Scores a trained classifier on labelled records."""

from collections.abc import Iterable
from dataclasses import dataclass

from triptych.classifier import DefectClassifier
from triptych.errors import TriptychError
from triptych.evaluation.metrics import Scores, score
from triptych.model.prediction import Assessment
from triptych.records import Record, as_record_set


@dataclass(frozen=True)
class Evaluation:
    """The scores and the assessments they come from; unusable records are not scored."""

    scores: Scores
    assessments: list[Assessment]


def evaluate(classifier: DefectClassifier, records: Iterable[Record]) -> Evaluation:
    """Assess the labelled `records`, and score the predictions.

    Raises:
        TriptychError: no record is usable, or a label is not one of the model's classes.
    """
    records, model = as_record_set(records), classifier.model_
    if unknown := [name for name in records.classes if name not in model.classes]:
        known = ", ".join(model.classes)
        raise TriptychError(
            f"evaluation: class {unknown[0]!r} is not one of the model's ({known}); relabel or remove those records"
        )
    assessments = classifier.assess(records)
    usable = [item for item in assessments if item.decision.label is not None]
    if not usable:
        raise TriptychError(
            f"evaluation: none of the {len(records)} records could be used; check them with `triptych read`"
        )
    labels = [item.record.label or "" for item in usable]
    return Evaluation(
        score(labels, [str(item.decision.label) for item in usable], model.classes, model.normal), assessments
    )
