"""All experts of a model: members trained in the folds, experts trained on all records, and the pool."""

from collections.abc import Collection, Mapping, Sequence
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
    """Experts that were trained on one training set.

    Attributes:
        features: the readings features of this training set.
        sizes: the sizes of the inputs.
        experts: the experts by name.
    """

    features: Features
    sizes: Sizes
    experts: Mapping[str, FittedExpert] = field(repr=False)


@dataclass(frozen=True)
class Ensemble:
    """All experts of a model, and their pool.

    Attributes:
        parts: the experts by training set; an expert in several parts gives the mean probabilities of its members.
        pool: the weights of the experts.
    """

    parts: Sequence[Part]
    pool: Pool

    def expert_log_probabilities(
        self, prepared: Sequence[Prepared], classes: Sequence[str], only: Collection[str] | None = None
    ) -> dict[str, Tensor]:
        """The log-probabilities [n, classes] of prepared records, by expert with a weight above 0.

        Args:
            prepared: n records.
            classes: the labels.
            only: the experts that are asked; None asks all.
        """
        found: dict[str, list[Tensor]] = {}
        for part in self.parts:
            inputs = stack_inputs(prepared, part.features, classes, labelled=False)
            for name, expert in part.experts.items():
                if only is None or name in only:
                    found.setdefault(name, []).append(expert.log_probabilities(inputs))
        return {name: log_mean(found[name]) for name, weight in self.pool.weights.items() if weight and name in found}

    def members(self, name: str) -> list[tuple[Part, FittedExpert]]:
        """The members of the expert `name`, each with its part."""
        return [(part, part.experts[name]) for part in self.parts if name in part.experts]
