"""From probabilities to a decision: released automatically, or shown to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from triptych.config import DecisionConfig

Verdict = Literal["accept", "review"]


@dataclass(frozen=True)
class Decision:
    """What happens to one record.

    Attributes:
        label: the class that it is called; None when the record could not be read.
        confidence: its probability, 0..1.
        probabilities: of every class.
        verdict: `accept` (released automatically) or `review` (a person must look).
        reasons: why a person must look, in words.
    """

    label: str | None
    confidence: float
    probabilities: Mapping[str, float]
    verdict: Verdict
    reasons: tuple[str, ...] = ()


def decide(
    label: str,
    probabilities: Mapping[str, float],
    problems: Sequence[str],
    config: DecisionConfig,
    deviations: Sequence[str] = (),
) -> Decision:
    """The decision on a record that was read.

    Args:
        label: the class that it is called.
        probabilities: of every class.
        problems: of its readings, in words.
        config: the configuration.
        deviations: in what the record differs from what the training records have, in words.
    """
    confidence = probabilities[label]
    reasons = [*(f"reading: {problem}" for problem in problems), *deviations]
    if confidence < config.accept_above:
        reasons.append(f"confidence {confidence:.2f} is under {config.accept_above:g}")
    return Decision(label, confidence, probabilities, "review" if reasons else "accept", tuple(reasons))


def undecided(reason: str, classes: Sequence[str]) -> Decision:
    """The decision on a record that could not be used: a person must look."""
    return Decision(None, 0.0, dict.fromkeys(classes, 0.0), "review", (reason,))
