"""Operating points: from which probability on a record is released, so that a rate of errors is promised.

The escape rate is the share of the defective records that are accepted as normal. The overkill rate is the share of the
normal records that are accepted as defective. Records that go to review are neither.

A rate is promised by learn-then-test (Angelopoulos et al., "Learn then test", 2021) with a fixed sequence of tests. The
thresholds are tested from the strictest on, each with the exact binomial test of "the rate is above the promise", and
the last one before the first that fails is taken. Because a lower threshold only adds errors, this is the tolerance
limit of order statistics: of n records with errors possible, the greatest k with an upper bound of at most the promise
is allowed to err, so the threshold is the (k + 1)-th greatest score. With the stated confidence, the rate is then at
most the promise, whatever the distribution of the scores is.

The scores are out of fold: neither the experts nor their weights had seen the record. Records that share a picture or a
group count as one, by the worst of them. What this does not prove: the experts that predict were trained on all
records, so on more than those that gave the scores (cross-conformal prediction has the same gap: Vovk, 2015).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from triptych.config import DecisionConfig
from triptych.decision.bounds import least_records, most_errors, upper_bound
from triptych.errors import TriptychError

Side = Literal["escape", "overkill"]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WORDS: dict[Side, tuple[str, str]] = {"escape": ("defective", "normal"), "overkill": ("normal", "defective")}


@dataclass(frozen=True)
class Evidence:
    """Out-of-fold probabilities of the training records that were held out.

    Attributes:
        classes: the labels, in the order of the probabilities.
        normal: the class of good records; None if no class is normal.
        probabilities: [n, classes].
        labels: class indices [n].
        sides: numbers [n], equal for records that share a picture or a group.
    """

    classes: Sequence[str]
    normal: str | None
    probabilities: Floats = field(repr=False)
    labels: Integers = field(repr=False)
    sides: Integers = field(repr=False)

    def scores(self, side: Side, class_name: str | None = None) -> Floats:
        """The scores of the records on which this error is possible, one for each side, descending.

        The score is the probability of the class that it would be released as: normal, or any defect.

        Args:
            side: the kind of error.
            class_name: only the records of this class.
        """
        normal = list(self.classes).index(self.normal or "")
        possible = (self.labels != normal) if side == "escape" else (self.labels == normal)
        if class_name is not None:
            possible &= self.labels == list(self.classes).index(class_name)
        found = self.probabilities[possible, normal]
        found = found if side == "escape" else 1.0 - found
        worst: dict[int, float] = {}
        for number, value in zip(self.sides[possible].tolist(), found.tolist(), strict=True):
            worst[number] = max(value, worst.get(number, 0.0))
        return np.sort(np.array(list(worst.values()), dtype=np.float64))[::-1]


@dataclass(frozen=True)
class Promise:
    """A promised rate of one kind of error.

    Attributes:
        side: `escape` or `overkill`.
        rate: the promised rate, 0..1.
        confidence: the confidence of the promise, 0..1.
        records: the number of records (of groups, if there are groups) on which it rests.
        errors: the number of them that err at the threshold.
        threshold: a record is released if its score is greater; None if the rate cannot be promised.
        by_class: for each defect class, the errors at the threshold and the number of its records.
        each: the defect classes for which the rate is promised, too.
    """

    side: Side
    rate: float
    confidence: float
    records: int
    errors: int
    threshold: float | None
    by_class: Mapping[str, Sequence[int]] = field(default_factory=dict)
    each: Sequence[str] = ()

    @property
    def bound(self) -> float:
        """The upper bound of the rate at the threshold; without a threshold, the least that could be promised."""
        return upper_bound(self.errors, self.records, self.confidence)

    def allows(self, normal: float) -> bool:
        """Whether a record with this probability of the normal class may be released."""
        return self.threshold is not None and self._score(normal) > self.threshold

    def refusal(self, normal: float) -> str:
        """Why a record with this probability of the normal class may not be released."""
        if self.threshold is None:
            return f"cannot be released: {self.impossible()}"
        found, kind = self._score(normal), WORDS[self.side][1]
        needed = f"{self.threshold:.3f}, as {self.side} of at most {percent(self.rate)} needs"
        return f"probability {found:.3f} of {kind} is not above {needed}"

    def _score(self, normal: float) -> float:
        return normal if self.side == "escape" else 1.0 - normal

    def impossible(self) -> str:
        """Why the rate cannot be promised, what could be, and how many records it would take."""
        return cannot_promise(self.side, self.rate, self.records, self.confidence)

    def in_words(self) -> str:
        """The promise in one sentence."""
        possible = WORDS[self.side][0]
        if self.threshold is None:
            return self.impossible()
        classes = f"; also for each of {', '.join(self.each)}" if self.each else ""
        if self.by_class:
            seen = ", ".join(f"{name} {errors} of {n}" for name, (errors, n) in self.by_class.items())
            classes = f" ({seen}){classes}"
        return (
            f"{self.side} of at most {percent(self.rate)} with {percent(self.confidence)} confidence: {self.errors} of "
            f"{self.records} {possible} records err out of fold, upper bound {percent(self.bound)}{classes}"
        )


def cannot_promise(side: Side, rate: float, records: int, confidence: float) -> str:
    """The message for a rate that so many records cannot promise."""
    possible = WORDS[side][0]
    best = percent(upper_bound(0, records, confidence))
    return (
        f"{side} of at most {percent(rate)} cannot be promised with {percent(confidence)} confidence from {records} "
        f"{possible} records: at best {best}; {least_records(rate, confidence)} {possible} records without an error "
        "would be needed"
    )


def promise(evidence: Evidence, side: Side, rate: float, confidence: float, *, per_class: bool = False) -> Promise:
    """Choose the lowest threshold that promises `rate`.

    Args:
        evidence: the out-of-fold probabilities.
        side: the kind of error.
        rate: the rate that is asked for.
        confidence: the confidence of the promise.
        per_class: whether the escape rate of each defect class with enough records is promised, too (Mondrian). The
            threshold is then the greatest of those of all defective records and of these classes. Each of these
            promises has the stated confidence. This costs many reviews if classes are small: with 59 records and 5%,
            the most difficult record of the class sets the threshold.
    """
    scores = evidence.scores(side)
    threshold = _threshold(scores, rate, confidence)
    if threshold is None:
        return Promise(side, rate, confidence, len(scores), 0, None)
    defects = [name for name in evidence.classes if name != evidence.normal] if side == "escape" else []
    own = {name: evidence.scores(side, name) for name in defects}
    needed = {name: _threshold(found, rate, confidence) for name, found in own.items() if per_class}
    each = {name: needs for name, needs in needed.items() if needs is not None}
    highest = max([threshold, *each.values()])
    by_class = {name: (int((found > highest).sum()), len(found)) for name, found in own.items()}
    return Promise(side, rate, confidence, len(scores), int((scores > highest).sum()), highest, by_class, tuple(each))


def _threshold(scores: Floats, rate: float, confidence: float) -> float | None:
    """The threshold for descending `scores` of records that may err; None if the rate cannot be promised."""
    allowed = most_errors(len(scores), rate, confidence)
    return None if allowed is None else float(scores[allowed])


@dataclass(frozen=True)
class OperatingPoint:
    """The rules of release: a promise, or a threshold that follows from costs, for each kind of error.

    Attributes:
        normal: the class of good records.
        promises: by the kind of error; a kind without a promise is not restricted by this point.
        costs: the costs of an escape, an overkill and a review, if these set the thresholds.
    """

    normal: str
    promises: Mapping[Side, Promise] = field(default_factory=dict)
    costs: tuple[float, float, float] | None = None

    def promise_for(self, label: str) -> Promise | None:
        """The promise that a release with the class `label` must keep."""
        return self.promises.get("escape" if label == self.normal else "overkill")

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        promises = {side: asdict(found) for side, found in self.promises.items()}
        return {"normal": self.normal, "promises": promises, "costs": self.costs and list(self.costs)}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """The point that `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: the values are damaged.
        """
        promises = {side: Promise(**kept) for side, kept in values["promises"].items()}
        for side, found in promises.items():
            if side != found.side or side not in WORDS or not 0 <= found.errors <= found.records:
                raise ValueError(f"the promise {side!r} is damaged")
            if found.threshold is not None and not 0 <= float(found.threshold) <= 1:
                raise ValueError(f"the threshold of the promise {side!r} is {found.threshold}")
        costs = values["costs"]
        return cls(values["normal"], promises, None if costs is None else (costs[0], costs[1], costs[2]))


def choose_point(evidence: Evidence | None, normal: str | None, config: DecisionConfig) -> OperatingPoint | None:
    """The operating point that the configuration asks for; None if it asks for none.

    Args:
        evidence: the out-of-fold probabilities; None without cross-fitting: then nothing can be promised.
        normal: the class of good records.
        config: the promised rates or the costs.

    Raises:
        TriptychError: a promise or costs are asked for, and no class is normal.
    """
    asked: dict[Side, float | None] = {"escape": config.max_escape, "overkill": config.max_overkill}
    rates = {side: rate for side, rate in asked.items() if rate is not None}
    if not rates and config.costs is None:
        return None
    check_wish(normal, config)
    assert normal is not None
    confidence = config.confidence
    if evidence is None:
        none = {side: Promise(side, rate, confidence, 0, 0, None) for side, rate in rates.items()}
        return OperatingPoint(normal, none, config.costs)
    if config.costs is not None:
        return OperatingPoint(normal, _by_costs(evidence, config.costs, confidence), config.costs)
    promises = {
        side: promise(evidence, side, rate, confidence, per_class=config.per_class) for side, rate in rates.items()
    }
    return OperatingPoint(normal, promises)


def check_wish(normal: str | None, config: DecisionConfig) -> None:
    """Check that there is a normal class if the configuration asks for a promise or gives costs.

    Raises:
        TriptychError: there is none.
    """
    if normal is None and (config.max_escape, config.max_overkill, config.costs) != (None, None, None):
        raise TriptychError(
            "decision: a promise or costs need the class of good records, and none is named; name it with --normal"
        )


def _by_costs(evidence: Evidence, costs: tuple[float, float, float], confidence: float) -> dict[Side, Promise]:
    """The thresholds from which on a release costs less than a review, for calibrated probabilities.

    A release as normal costs (1 - p) times the cost of an escape. The thresholds do not depend on the records, so the
    upper bounds of the rates at them are exact.
    """
    escape, overkill, review = costs
    found: dict[Side, Promise] = {}
    kinds: tuple[tuple[Side, float], ...] = (("escape", escape), ("overkill", overkill))
    for side, cost in kinds:
        threshold = max(0.0, 1.0 - review / cost) if cost else 0.0
        scores = evidence.scores(side)
        errors = int((scores > threshold).sum())
        bound = upper_bound(errors, len(scores), confidence)
        found[side] = Promise(side, bound, confidence, len(scores), errors, threshold)
    return found


def percent(rate: float) -> str:
    """A rate in percent, to as many digits as it needs: `0.5%`, `8%`, `1.53%`."""
    return f"{100 * rate:.3g}%"
