"""Decides whether a record is released automatically or must be reviewed by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from triptych.config import DecisionConfig
from triptych.decision.operating_point import OperatingPoint

Verdict = Literal["accept", "review"]


@dataclass(frozen=True)
class Decision:
    """The decision on one record.

    Attributes:
        label: the chosen class; None if the record could not be used.
        confidence: the probability of this class, 0..1; 0 without a class.
        probabilities: the probability of every class.
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
    point: OperatingPoint | None = None,
) -> Decision:
    """The decision on a record that was read.

    Args:
        label: the chosen class.
        probabilities: the probability of every class.
        problems: the problems of its readings, in words.
        config: the configuration.
        deviations: how the record differs from the training records, in words.
        point: the operating point. Its promise replaces `accept_above` for the kind of error that it is about.
    """
    reasons = [
        *(f"reading: {problem}" for problem in problems),
        *deviations,
        *_doubt(label, probabilities, config, point),
    ]
    return Decision(label, probabilities[label], probabilities, "review" if reasons else "accept", tuple(reasons))


def _doubt(
    label: str, probabilities: Mapping[str, float], config: DecisionConfig, point: OperatingPoint | None
) -> list[str]:
    """Why the probabilities alone do not allow a release with the class `label`."""
    confidence = probabilities[label]
    if point is not None and (promise := point.promise_for(label)) is not None:
        normal = probabilities[point.normal]
        return [] if promise.allows(normal) else [promise.refusal(normal)]
    if confidence < config.accept_above:
        return [f"confidence {confidence:.2f} is under {config.accept_above:g}"]
    return []


def undecided(reason: str, classes: Sequence[str]) -> Decision:
    """The decision on a record that could not be used: a person must look."""
    return Decision(None, 0.0, dict.fromkeys(classes, 0.0), "review", (reason,))
