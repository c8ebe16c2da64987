"""Why a model decided as it did on one record: experts, readings, neighbours and a counterfactual."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from triptych.decision.novelty import PICTURE, READINGS, ViewDistances
from triptych.explain.moved_readings import Counterfactual, MovedReading, counterfactual, moved_readings, other_class
from triptych.explain.what_if import WhatIf
from triptych.features.vector import Features
from triptych.model.model import Model
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.prepared import Prepared

NEIGHBOURS = 5  # training records that are listed in each view


@dataclass(frozen=True)
class ExpertShare:
    """What one expert contributed.

    Attributes:
        name: the expert.
        weight: its weight in the pool.
        probability: its probability of the chosen class.
        share: its part of the pool's log-odds of the chosen class against the other one. The parts add up to these
            log-odds, because the pool is log-linear.
    """

    name: str
    weight: float
    probability: float
    share: float


@dataclass(frozen=True)
class Neighbour:
    """A training record near the record.

    Attributes:
        id: its id.
        label: its label.
        view: the view in which it is near, `picture` or `readings`.
        distance: the distance there.
        digest: the SHA-256 digest of its picture, which the model does not store.
    """

    id: str
    label: str
    view: str
    distance: float
    digest: str = ""


@dataclass(frozen=True)
class Explanation:
    """The reasons for one decision.

    Attributes:
        label: the chosen class.
        other: the class that it is compared with.
        log_odds: of the chosen class against the other one.
        experts: the contributions of the experts, the greatest first.
        moved: the readings that moved the decision.
        turn: the smallest change of one reading that turns it to the other class; None if there is none.
        neighbours: the nearest training records, by picture and by readings.
    """

    label: str
    other: str
    log_odds: float
    experts: list[ExpertShare]
    moved: list[MovedReading]
    turn: Counterfactual | None
    neighbours: list[Neighbour]

    def sentence(self) -> str:
        """The main reason in one sentence."""
        first = self.experts[0]
        parts = [moved.in_words(self.other) for moved in self.moved[:2]]
        said = f"{first.name} says {self.label} with {first.probability:.2f}"
        return "; ".join([f"{self.label} rather than {self.other}: {said}", *parts])

    def turned(self) -> str:
        """The counterfactual in words."""
        if self.turn is None:
            return f"no single reading within the training range turns it to {self.other}"
        return self.turn.in_words()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"sentence": self.sentence(), "counterfactual": self.turned()}


ByExpert = Mapping[str, Mapping[str, float]]
"""The probability of every class by each expert, as in `Assessment.experts`."""


def explain(model: Model, item: Prepared, judged: ByExpert | None = None) -> Explanation:
    """Explain the decision of `model` on a prepared record.

    Readings and neighbours are left out if an older version trained the model, which stored no training records.

    Args:
        model: the model.
        item: the record.
        judged: its probabilities by expert, if it was assessed before; None asks the experts.
    """
    what_if = WhatIf.of(model, item, judged)
    label = what_if.label
    other = other_class(what_if, label)
    reference = model.reference
    experts = _experts(what_if, label, other)
    return Explanation(
        label=label,
        other=other,
        log_odds=sum(expert.share for expert in experts),
        experts=experts,
        moved=[] if reference is None else moved_readings(what_if, reference, label, other),
        turn=None if reference is None else counterfactual(what_if, reference, label, other),
        neighbours=nearest(model, item),
    )


WHY = ("why", "counterfactual", "nearest")  # the columns of `reasons`


def reasons(model: Model, item: Prepared, judged: ByExpert | None = None) -> dict[str, str]:
    """The explanation in words, by the names in WHY; `nearest` has `id (label)` of the nearest training records."""
    found = explain(model, item, judged)
    near = "; ".join(f"{one.id} ({one.label})" for one in found.neighbours)
    return dict(zip(WHY, (found.sentence(), found.turned(), near), strict=True))


def _experts(what_if: WhatIf, label: str, other: str) -> list[ExpertShare]:
    chosen, against = (what_if.model.classes.index(name) for name in (label, other))
    found = []
    for name, rows in what_if.by_expert.items():
        weight = what_if.model.ensemble.pool.weights[name]
        share = weight * float(rows[0, chosen] - rows[0, against])
        found.append(ExpertShare(name, weight, float(rows[0, chosen].exp()), share))
    return sorted(found, key=lambda expert: -expert.share)


def nearest(model: Model, item: Prepared) -> list[Neighbour]:
    """The nearest training records of a prepared record in each view; none if the model does not compare records."""
    novelty, reference = model.novelty, model.reference
    if novelty is None or reference is None:
        return []
    inputs = stack_inputs([item], Features([]), model.classes, labelled=False)
    views = reference.views_of([item], inputs)
    parts = ((PICTURE, novelty.detector.picture, views.picture), (READINGS, novelty.detector.readings, views.readings))
    found = []
    for view, distances, vectors in parts:
        if distances is not None:
            for row, distance in _nearest(distances, vectors):
                place = int(novelty.rows[row])
                label = model.classes[reference.labels[place]]
                found.append(Neighbour(reference.ids[place], label, view, distance, reference.digests[place]))
    return found


def _nearest(known: ViewDistances, vectors: Any) -> list[tuple[int, float]]:
    distances = cdist(known.components(vectors), known.known)[0]
    return [(int(row), float(distances[row])) for row in np.argsort(distances, kind="stable")[:NEIGHBOURS]]
