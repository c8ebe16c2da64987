"""Trains the experts of one part: on the training records of a fold, or on all records."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from torch import Tensor

from triptych.experts.ensemble import Part
from triptych.experts.expert import Expert, TrainingSet
from triptych.experts.panels import FittedPanels
from triptych.experts.registry import open_experts
from triptych.features.vector import Features
from triptych.network.phases import Epoch
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track
from triptych.training.training_sets import Records, context_of


@dataclass(frozen=True)
class TrainedPart:
    """The trained experts of one part, in a form that can be sent to other processes and written to files.

    Attributes:
        features: the readings features.
        states: the learned state of each expert.
        by_expert: the log-probabilities [n, classes] of each expert on the held-out records, if there are any.
        curves: the training curves of the network, if there is one.
    """

    features: Features
    states: dict[str, dict[str, Tensor]] = field(repr=False)
    by_expert: dict[str, Tensor] = field(default_factory=dict, repr=False)
    curves: tuple[Epoch, ...] = ()

    def of(self, names: Collection[str]) -> "TrainedPart":
        """The part with only those experts that are in `names`."""
        return replace(self, states={name: state for name, state in self.states.items() if name in names})

    def open(self, records: Records) -> Part:
        """The part, ready to predict."""
        context = context_of(records.config, records.classes, self.features)
        experts = open_experts(list(self.states))
        fitted = {name: experts[name].restore(state, context) for name, state in self.states.items()}
        return Part(self.features, context.sizes, fitted)


def train_part(
    experts: Mapping[str, Expert], data: TrainingSet, held_out: BranchInputs | None, track: Track
) -> TrainedPart:
    """Train those of `experts` that can learn from `data`, and predict `held_out`, if given."""
    states: dict[str, dict[str, Tensor]] = {}
    by_expert: dict[str, Tensor] = {}
    curves: tuple[Epoch, ...] = ()
    for name, expert in experts.items():
        if not expert.takes_part(data):
            continue
        fitted = expert.fit(data, track)
        states[name] = {key: tensor.contiguous() for key, tensor in fitted.state().items()}
        if held_out is not None:
            by_expert[name] = fitted.log_probabilities(held_out)
        if isinstance(fitted, FittedPanels):
            curves = fitted.curves
    return TrainedPart(data.features, states, by_expert, curves)


def in_all(parts: Sequence[TrainedPart]) -> list[str]:
    """The experts that took part in all of `parts`, in order."""
    return [name for name in parts[0].states if all(name in part.states for part in parts)]
