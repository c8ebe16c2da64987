"""The readings that moved a decision, and the smallest change of one reading that would turn it.

A reading moved the decision if the log-odds of the chosen class against another class fall when the reading is replaced
by its median in the training records of that other class (an interventional effect of one feature, with the features
that are computed from it). The other class is the normal one, or the second most probable class for a record that is
called normal. The counterfactual is searched over the range of the training records, and verified by a prediction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from triptych.explain.what_if import Floats, WhatIf
from triptych.model.reference import Reference
from triptych.records.fields import MOMENTS

LEAST_EFFECT = 0.1  # least change of the log-odds that counts as a move
RANGE = (5, 95)  # percentiles that are given as the usual range
STEPS = 12  # steps over the training range in which a turning point is searched
HALVINGS = 8  # bisections of the step in which the decision turns


@dataclass(frozen=True)
class MovedReading:
    """A reading that moved the decision.

    Attributes:
        name: the field.
        value: its value.
        low, high: its usual range in the training records of the other class.
        effect: the fall of the log-odds if it had the median of that class.
    """

    name: str
    value: float
    low: float
    high: float
    effect: float

    def in_words(self, other: str) -> str:
        """The reading with its value, unit and usual range."""
        unit = unit_of(self.name)
        return f"{plain(self.name)} {self.value:.3g}{unit}; {self.low:.3g} to {self.high:.3g} in {other} records"


@dataclass(frozen=True)
class Counterfactual:
    """The smallest change of one reading that turns the decision to `label`."""

    name: str
    value: float
    turned: float
    label: str

    def in_words(self) -> str:
        """The counterfactual in one sentence."""
        side = "under" if self.turned < self.value else "over"
        return f"{self.label} if {plain(self.name)} were {side} {self.turned:.3g}{unit_of(self.name)}"


def plain(name: str) -> str:
    """A field as an engineer says it: `sigma_x` is `x sigma`, `ring_2_4` is `ring 2 4`."""
    if name in MOMENTS:
        kind, _, axis = name.partition("_")
        return f"{axis} {kind}"
    return name.replace("_", " ")


def unit_of(name: str) -> str:
    """The unit of a field after a blank, where it is known."""
    return " um" if name in MOMENTS else ""


def other_class(what_if: WhatIf, label: str) -> str:
    """The class that a record called `label` is compared with."""
    model = what_if.model
    if model.normal is not None and label != model.normal:
        return model.normal
    ranked: list[int] = np.argsort(-what_if.probabilities).tolist()
    return next(name for name in (model.classes[i] for i in ranked) if name != label)


def moved_readings(what_if: WhatIf, reference: Reference, label: str, other: str) -> list[MovedReading]:
    """The readings that moved the decision from `other` to `label`, the strongest first."""
    classes, numbers = what_if.model.classes, what_if.seen
    rows = reference.labels == classes.index(other)
    usual = {name: reference.numbers[rows, i] for i, name in enumerate(reference.fields) if name in numbers}
    usual = {name: values[np.isfinite(values)] for name, values in usual.items() if np.isfinite(values).any()}
    if not usual:
        return []
    changed = what_if.probabilities_with([{name: float(np.median(values))} for name, values in usual.items()])
    before = _log_odds(what_if.probabilities[None], classes, label, other)[0]
    effects = before - _log_odds(changed, classes, label, other)
    found = []
    for (name, values), effect in zip(usual.items(), effects.tolist(), strict=True):
        if effect >= LEAST_EFFECT:
            low, high = np.percentile(values, RANGE).tolist()
            found.append(MovedReading(name, numbers[name], low, high, effect))
    return sorted(found, key=lambda moved: -moved.effect)


def _log_odds(probabilities: Floats, classes: Sequence[str], label: str, other: str) -> Floats:
    logs = np.log(np.maximum(probabilities, 1e-12))
    found: Floats = logs[:, classes.index(label)] - logs[:, classes.index(other)]
    return found


def counterfactual(what_if: WhatIf, reference: Reference, label: str, other: str) -> Counterfactual | None:
    """The smallest change of one reading, in training standard deviations, that turns `label` to `other`.

    None if no reading within the range of the training records does.
    """
    numbers = what_if.seen
    tries: list[dict[str, float]] = []
    for i, name in enumerate(reference.fields):
        known = reference.numbers[np.isfinite(reference.numbers[:, i]), i]
        if name in numbers and len(known):
            for end in (known.min(), known.max()):
                steps = np.linspace(numbers[name], end, STEPS + 1)[1:]
                tries += [{name: float(value)} for value in steps if value != numbers[name]]
    if not tries:
        return None
    labels = what_if.labels_with(tries)
    spread = {name: float(np.nanstd(reference.numbers[:, i])) or 1.0 for i, name in enumerate(reference.fields)}
    turned = [change for change, found in zip(tries, labels, strict=True) if found == other]
    if not turned:
        return None
    best = min(turned, key=lambda change: _distance(change, numbers, spread))
    ((name, far),) = best.items()
    near = numbers[name] + (far - numbers[name]) * max(0.0, 1 - _step(far, numbers[name], reference, name))
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if what_if.labels_with([{name: middle}])[0] == other:
            far = middle
        else:
            near = middle
    return Counterfactual(name, numbers[name], far, other)


def _distance(change: Mapping[str, float], numbers: Mapping[str, float], spread: Mapping[str, float]) -> float:
    ((name, value),) = change.items()
    return abs(value - numbers[name]) / spread[name]


def _step(far: float, value: float, reference: Reference, name: str) -> float:
    """One step of the search as a share of the way from `value` to `far`."""
    column = reference.numbers[:, reference.fields.index(name)]
    end = float(np.nanmin(column) if far < value else np.nanmax(column))
    return abs(end - value) / STEPS / max(abs(far - value), 1e-12)
