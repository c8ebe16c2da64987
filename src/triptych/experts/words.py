"""The expert `words`: logistic regression on words of text columns and on precedents (beyond the paper)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from triptych.experts.expert import Context, TrainingSet
from triptych.experts.linear import Examples, Linear
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track


@dataclass(frozen=True)
class FittedWords:
    """A logistic regression on words and precedents, the last `count` readings features."""

    linear: Linear
    count: int

    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        assert inputs.readings is not None
        return self.linear.log_probabilities(inputs.readings[:, -self.count :])

    def state(self) -> dict[str, Tensor]:
        """Scales, coefficients and intercepts."""
        return self.linear.state()


class Words:
    """Logistic regression on words and precedents; takes part if records come with text columns."""

    averaged: ClassVar[bool] = False

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether there are words."""
        return data.context.sizes.words > 0

    def fit(self, data: TrainingSet, track: Track) -> FittedWords:
        """Learn from the records; drawn records have the words of their origin, so they add nothing."""
        assert data.inputs.readings is not None
        sizes = data.context.sizes
        examples = Examples.of(data.inputs.readings[:, -sizes.words :], data.labels)
        return FittedWords(Linear.fit(examples, sizes.classes, data.context.config.linear.words), sizes.words)

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedWords:
        """The fitted expert."""
        return FittedWords(Linear.restore(state), context.sizes.words)
