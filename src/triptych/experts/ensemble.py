"""All experts of a model: the members that the folds left behind, those trained on all records, and the pool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from triptych.experts.expert import FittedExpert
from triptych.experts.likelihood import log_mean
from triptych.experts.pool import Pool
from triptych.features.vector import Features
from triptych.network.network import Sizes
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.prepared import Prepared


@dataclass(frozen=True)
class Part:
    """Experts that learned from one training set.

    Attributes:
        features: the readings features that this training set gave.
        sizes: of the inputs.
        experts: by name.
    """

    features: Features
    sizes: Sizes
    experts: Mapping[str, FittedExpert] = field(repr=False)


@dataclass(frozen=True)
class Ensemble:
    """What decides on a record.

    Attributes:
        parts: an expert with members in several of them says the mean of their probabilities.
        pool: how the experts are weighed.
    """

    parts: Sequence[Part]
    pool: Pool

    def expert_log_probabilities(self, prepared: Sequence[Prepared], classes: Sequence[str]) -> dict[str, Tensor]:
        """Of each expert with a weight the log-probabilities [n, classes] of prepared records."""
        found: dict[str, list[Tensor]] = {}
        for part in self.parts:
            inputs = stack_inputs(prepared, part.features, classes, labelled=False)
            for name, expert in part.experts.items():
                found.setdefault(name, []).append(expert.log_probabilities(inputs))
        return {name: log_mean(found[name]) for name, weight in self.pool.weights.items() if weight}

    def members(self, name: str) -> list[tuple[Part, FittedExpert]]:
        """The members of the expert `name`, each with its part."""
        return [(part, part.experts[name]) for part in self.parts if name in part.experts]
