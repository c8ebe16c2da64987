"""Evaluates a model on the records of a data set, with warnings on standard error."""

from pathlib import Path

from triptych.classifier import DefectClassifier
from triptych.cli.common import show_warnings, warn_of_notes
from triptych.evaluation.evaluate import Evaluation, evaluate
from triptych.evaluation.held_out import held_out_records
from triptych.records import Failure


def evaluated(classifier: DefectClassifier, data: Path, split: str, group: str | None) -> Evaluation:
    """The evaluation of `classifier` on a split of `data`.

    Raises:
        TriptychError: the records cannot be read or used, or they were used in training.
    """
    chosen = held_out_records(classifier.model_, data, group).split(split)
    found = evaluate(classifier, show_warnings(classifier.match(chosen, str(data))))
    warn_of_notes(found.assessments)
    return found


def failures_of(result: Evaluation) -> list[Failure]:
    """The records that could not be used."""
    return [Failure(item.record.id, item.error) for item in result.assessments if item.error]
