"""Assessments as rows of a prediction table."""

from collections.abc import Sequence

from triptych.training import Assessment


def prediction_columns(classes: Sequence[str]) -> list[str]:
    """The columns, in order."""
    probabilities = (f"p_{name}" for name in classes)
    return ["image", "label", "confidence", "decision", *probabilities, "reasons", "problems", "degraded", "error"]


def prediction_row(assessment: Assessment) -> dict[str, object]:
    """One row.

    `reasons` (why a person must look) and `problems` (of the reading) are in words, joined by "; ". They are empty
    where there are none, as are `error`, and `degraded` where both answers were there.
    """
    decision = assessment.decision
    return {
        "image": assessment.record.id,
        "label": decision.label,
        "confidence": decision.confidence,
        "decision": decision.verdict,
        **{f"p_{name}": p for name, p in decision.probabilities.items()},
        "reasons": "; ".join(decision.reasons),
        "problems": "; ".join(assessment.problems),
        "degraded": " ".join(assessment.degraded),
        "error": assessment.error,
    }
