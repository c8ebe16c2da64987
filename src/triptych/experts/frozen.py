"""The expert `frozen`: logistic regression on frozen image features pooled over positions (beyond the paper)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from triptych.experts.expert import Context, TrainingSet
from triptych.experts.linear import Examples, Linear
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track

CHUNK = 64  # number of maps that are pooled at once, to limit memory


@dataclass(frozen=True)
class FittedFrozen:
    """A logistic regression on pooled features."""

    linear: Linear

    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        return self.linear.log_probabilities(pooled(inputs.image))

    def state(self) -> dict[str, Tensor]:
        """Scales, coefficients and intercepts."""
        return self.linear.state()


class Frozen:
    """Logistic regression on image features; takes part if the image encoder is not trained."""

    averaged: ClassVar[bool] = False

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether the image encoder is not trained."""
        return not data.context.encoders.trains_images

    def fit(self, data: TrainingSet, track: Track) -> FittedFrozen:
        """Learn from the pictures."""
        examples = Examples.of(pooled(data.inputs.image), data.labels)
        return FittedFrozen(Linear.fit(examples, data.context.sizes.classes, data.context.config.linear.frozen))

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedFrozen:
        """The fitted expert."""
        return FittedFrozen(Linear.restore(state))


def pooled(maps: Tensor) -> Tensor:
    """Means and standard deviations [n, 2c] of maps [n, c, h, w] over their positions."""
    parts = [chunk.float().flatten(2) for chunk in maps.split(CHUNK)]
    return torch.cat([torch.cat([part.mean(dim=2), part.std(dim=2, correction=0)], dim=1) for part in parts])
