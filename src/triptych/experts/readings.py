"""The expert `readings`: logistic regression on the readings features and drawn records (beyond the paper)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from triptych.experts.expert import Context, TrainingSet
from triptych.experts.linear import Examples, Linear
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track


@dataclass(frozen=True)
class FittedReadings:
    """A logistic regression on numbers, words and precedents."""

    linear: Linear

    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        assert inputs.readings is not None
        return self.linear.log_probabilities(inputs.readings)

    def state(self) -> dict[str, Tensor]:
        """Scales, coefficients and intercepts."""
        return self.linear.state()


class Readings:
    """Logistic regression on readings features; takes part if some are numbers. `words` covers words alone."""

    averaged: ClassVar[bool] = False

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether some readings features are numbers."""
        return has_numbers(data)

    def fit(self, data: TrainingSet, track: Track) -> FittedReadings:
        """Learn from the records and those drawn from them."""
        assert data.inputs.readings is not None
        examples = Examples.of(data.inputs.readings, data.labels, data.inputs.variants)
        strength = data.context.config.linear.readings
        return FittedReadings(Linear.fit(examples, data.context.sizes.classes, strength))

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedReadings:
        """The fitted expert."""
        return FittedReadings(Linear.restore(state))


def has_numbers(data: TrainingSet) -> bool:
    """Whether some of the readings features are numbers."""
    return data.context.sizes.readings > data.context.sizes.words
