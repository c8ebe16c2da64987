"""Assessments as rows of a prediction table."""

from collections.abc import Sequence

from triptych.training import Assessment


def prediction_columns(classes: Sequence[str]) -> list[str]:
    """The columns, in order."""
    return ["image", "label", "confidence", "decision", *(f"p_{name}" for name in classes), "degraded", "error"]


def prediction_row(assessment: Assessment) -> dict[str, object]:
    """One row; `error` is empty without one, and `degraded` where both answers were there."""
    decision = assessment.decision
    return {
        "image": assessment.record.id,
        "label": decision.label,
        "confidence": decision.confidence,
        "decision": decision.verdict,
        **{f"p_{name}": p for name, p in decision.probabilities.items()},
        "degraded": " ".join(assessment.degraded),
        "error": assessment.error,
    }
