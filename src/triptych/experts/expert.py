"""Defines an expert: anything that learns class probabilities from labelled records.

Experts are named in the configuration (`experts`) and found among the entry points of the group `triptych.expert`, so
that another package can add one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor

from triptych.config import Config
from triptych.encoders.chosen import Encoders
from triptych.features.vector import Features
from triptych.network.network import Sizes
from triptych.network.phase_keeper import NoCheckpoints, PhaseKeeper
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track


@dataclass(frozen=True)
class Context:
    """What an expert needs besides records, in training and after loading.

    Attributes:
        config: the configuration.
        sizes: the sizes of the inputs, and the number of classes.
        encoders: the encoders of the records.
    """

    config: Config
    sizes: Sizes
    encoders: Encoders


@dataclass(frozen=True)
class TrainingSet:
    """Labelled records that experts learn from: all records of a run, or those of one fold.

    Attributes:
        context: configuration, sizes and encoders.
        features: the columns of `inputs.readings`.
        inputs: the records, with `labels`; drawn records are in `variants` and `drawn_plots`.
        turned: whether plots may be turned without a change of class.
        epochs: share of the configured epochs that networks are trained for.
        active: the branches that take part in fusion; None: all.
        keeper: stores the finished phases of a network.
        is_fold: whether these are the records of a fold; other folds may be trained in parallel.
    """

    context: Context
    features: Features
    inputs: BranchInputs = field(repr=False)
    turned: bool = False
    epochs: float = 1.0
    active: frozenset[str] | None = None
    keeper: PhaseKeeper = field(default_factory=NoCheckpoints, repr=False)
    is_fold: bool = False

    @property
    def labels(self) -> Tensor:
        """Class indices [n]."""
        assert self.inputs.labels is not None
        return self.inputs.labels


class FittedExpert(Protocol):
    """A trained expert."""

    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records, in float64."""

    def state(self) -> dict[str, Tensor]:
        """All that was learned, for `Expert.restore`."""


class Expert(Protocol):
    """A way to learn class probabilities.

    Attributes:
        averaged: what predicts after cross-fitting. True: the mean of the members trained in the folds, for experts
            whose training is costly and whose results vary. False: one member that is trained again on all records.
    """

    averaged: bool

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether the records have what this expert learns from."""

    def fit(self, data: TrainingSet, track: Track) -> FittedExpert:
        """Learn from `data`; all random numbers come from `data.context.config.seed`."""

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedExpert:
        """The trained expert with this `state`.

        Raises:
            ValueError, KeyError, RuntimeError: `state` belongs to another expert, or is damaged.
        """
