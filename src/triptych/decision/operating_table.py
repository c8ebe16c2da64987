"""The operating points that out-of-fold probabilities allow: what each promise costs in reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from triptych.config import DecisionConfig
from triptych.decision.bounds import upper_bound
from triptych.decision.class_balance import choose_classes
from triptych.decision.operating_point import Evidence, OperatingPoint, Side, promise
from triptych.decision.outcomes import Outcomes
from triptych.decision.policy import decide

RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.10, 0.20)  # promised rates that a table lists


@dataclass(frozen=True)
class OperatingRow:
    """A point, and what became of the held-out training records with it, by their probabilities alone."""

    point: OperatingPoint
    outcomes: Outcomes

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.point.to_json(), "outcomes": self.outcomes.to_json()}


def operating_rows(
    evidence: Evidence, counts: Sequence[int], config: DecisionConfig, side: Side = "escape"
) -> list[OperatingRow]:
    """The points that promise a rate of one kind of error: the best that is possible, then those of `RATES`.

    Args:
        evidence: the out-of-fold probabilities, of a model with a normal class.
        counts: the number of training records of each class.
        config: the confidence, and the rule for releases that the promise is not about.
        side: the kind of error.
    """
    best = upper_bound(0, len(evidence.scores(side)), config.confidence)
    rates = [best, *(rate for rate in RATES if rate > best)] if best < 1 else []
    promises = [promise(evidence, side, rate, config.confidence, per_class=config.per_class) for rate in rates]
    points = [OperatingPoint(evidence.normal or "", {side: found}) for found in promises]
    return [OperatingRow(point, outcomes_at(point, evidence, counts, config)) for point in points]


def outcomes_at(
    point: OperatingPoint | None, evidence: Evidence, counts: Sequence[int], config: DecisionConfig
) -> Outcomes:
    """What becomes of the held-out records at `point`, by their probabilities alone."""
    classes = list(evidence.classes)
    labels = [classes[i] for i in choose_classes(evidence.probabilities, counts, config.balance)]
    decisions = [
        decide(label, dict(zip(classes, row, strict=True)), (), config, point=point)
        for label, row in zip(labels, evidence.probabilities.tolist(), strict=True)
    ]
    return Outcomes.of(
        [classes[i] for i in evidence.labels.tolist()], labels, [found.verdict for found in decisions], evidence.normal
    )
