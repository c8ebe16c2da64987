"""Builds the training sets of experts, from all labelled records of a run or from those of a fold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from triptych.config import Config
from triptych.encoders.chosen import open_encoders
from triptych.experts.expert import Context, TrainingSet
from triptych.features.vector import Features
from triptych.network.network import Sizes
from triptych.network.phase_keeper import NoCheckpoints, PhaseKeeper
from triptych.preparation.branch_inputs import BranchInputs, stack_inputs, with_variants
from triptych.preparation.pictures import turned
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.training.augmentation import TURN, Choice

NOTHING = np.zeros(0, dtype=np.uint8)
Draw = Callable[[Sequence[Prepared], str], Sequence[Prepared | DrawnRecord]]
"""Draws records from training records with the augmentation of the given name."""


@dataclass(frozen=True)
class Records:
    """All labelled records of a run.

    Attributes:
        config: the configuration.
        classes: the labels, sorted.
        items: the records.
        inputs: their stacked inputs, without readings features, which depend on the training set.
    """

    config: Config
    classes: list[str]
    items: list[Prepared] = field(repr=False)
    inputs: BranchInputs = field(repr=False)

    @classmethod
    def of(cls, config: Config, classes: list[str], items: list[Prepared]) -> "Records":
        """The records `items`."""
        return cls(config, classes, items, stack_inputs(items, Features([]), classes, labelled=True))

    def light(self) -> "Records":
        """A copy for other processes, without the arrays of single records, which are also in `inputs`."""
        items = [replace(item, image=NOTHING, picture=NOTHING, vlm=NOTHING, llm=NOTHING) for item in self.items]
        return replace(self, items=items)

    def of_rows(self, rows: Sequence[int]) -> list[Prepared]:
        """The records with the indices `rows`."""
        return [self.items[row] for row in rows]

    def inputs_of(self, rows: Sequence[int], features: Features) -> BranchInputs:
        """The inputs of the records with the indices `rows`, with the readings `features`."""
        readings = torch.from_numpy(features.matrix(self.of_rows(rows))) if features.names else None
        return replace(self.inputs[torch.tensor(rows)], readings=readings)


@dataclass(frozen=True)
class Plan:
    """The choices of cross-fitting.

    Attributes:
        tda: the augmentations.
        epochs: share of the configured epochs that networks are trained for.
        active: the branches that take part in fusion; None: all.
    """

    tda: Choice
    epochs: float = 1.0
    active: frozenset[str] | None = None


def training_set(
    records: Records,
    rows: Sequence[int],
    drawn: Sequence[Prepared | DrawnRecord],
    plan: Plan,
    keeper: PhaseKeeper | None = None,
) -> TrainingSet:
    """The training set of the records with the indices `rows` and of the records drawn from them."""
    own = records.of_rows(rows)
    features = Features.learn(own)
    pictured = [item for item in drawn if isinstance(item, Prepared)]
    variants = [item for item in drawn if isinstance(item, DrawnRecord)]
    if pictured:
        own = [*own, *pictured]
        inputs = stack_inputs(own, features, records.classes, labelled=True)
    else:
        inputs = records.inputs_of(rows, features)
    inputs = with_variants(inputs, own, variants, features)
    if plan.tda.plots != plan.tda.numbers and inputs.plots is not None:
        inputs = replace(inputs, drawn_plots=turned(inputs.plots) if plan.tda.plots == TURN else None)
    return TrainingSet(
        context=context_of(records.config, records.classes, features),
        features=features,
        inputs=inputs,
        turned=plan.tda.plots == TURN,
        epochs=plan.epochs,
        active=plan.active,
        keeper=keeper or NoCheckpoints(),
        is_fold=len(rows) < len(records.items),
    )


def context_of(config: Config, classes: Sequence[str], features: Features) -> Context:
    """The context of experts: configuration, sizes of inputs, and encoders."""
    encoders = open_encoders(config.encoders)
    image, text = encoders.image, encoders.text
    sizes = Sizes(image.channels, image.grid, text.channels, len(features.names), len(classes), features.words)
    return Context(config, sizes, encoders)
