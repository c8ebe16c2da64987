"""Scores a trained classifier on labelled records."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from triptych.classifier import DefectClassifier
from triptych.decision.calibration import Calibration, calibration_of
from triptych.decision.outcomes import Outcomes
from triptych.errors import TriptychError
from triptych.evaluation.metrics import Scores, score
from triptych.model.prediction import Assessment
from triptych.records import Record, as_record_set


@dataclass(frozen=True)
class Evaluation:
    """The scores and the assessments they come from.

    Attributes:
        scores: the scores of the usable records.
        assessments: all records, in order.
        calibration: how well the probabilities of the usable records agree with frequencies.
        outcomes: escapes, overkill and review among all records; an unusable record goes to review.
    """

    scores: Scores
    assessments: list[Assessment]
    calibration: Calibration
    outcomes: Outcomes

    def to_json(self) -> dict[str, Any]:
        """The scores as `triptych evaluate --json` writes them."""
        calibration = self.calibration.to_json()
        return {
            **self.scores.to_json(),
            "log_loss": calibration["log_loss"],
            "calibration": calibration,
            "decisions": self.outcomes.to_json(),
        }


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
    shares = np.array([[item.decision.probabilities[name] for name in model.classes] for item in usable])
    return Evaluation(
        score(labels, [str(item.decision.label) for item in usable], model.classes, model.normal),
        assessments,
        calibration_of(shares, np.array([model.classes.index(label) for label in labels])),
        Outcomes.of(
            [item.record.label or "" for item in assessments],
            [item.decision.label for item in assessments],
            [item.decision.verdict for item in assessments],
            model.normal,
        ),
    )
