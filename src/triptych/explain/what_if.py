"""What a model would say of a record if some of its printed numbers were different.

Only the readings change, with all features that are computed from them. The picture, its plot and the answers of VLM
and LLM stay as they are. So experts that see only these keep their say, and are computed once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.features.readings import finite_numbers, reading_features
from triptych.model.model import Model
from triptych.preparation.prepared import Prepared

Floats = NDArray[np.float64]
PROBE = 1.5  # factor by which all numbers are changed, to find the experts that depend on them


@dataclass(frozen=True)
class WhatIf:
    """One record with other numbers.

    Attributes:
        model: the model.
        item: the record.
        by_expert: the log-probabilities [1, classes] of each expert as the record is.
        changing: the experts whose say depends on the numbers.
    """

    model: Model
    item: Prepared
    by_expert: Mapping[str, Tensor] = field(repr=False)
    changing: frozenset[str]

    @classmethod
    def of(cls, model: Model, item: Prepared) -> "WhatIf":
        """The record `item`."""
        by_expert = model.ensemble.expert_log_probabilities([item], model.classes)
        probe = _changed(item, {name: PROBE * value + 1 for name, value in numbers_of(item).items()})
        probed = model.ensemble.expert_log_probabilities([probe], model.classes)
        return cls(model, item, by_expert, frozenset(n for n in by_expert if not torch.equal(by_expert[n], probed[n])))

    @property
    def probabilities(self) -> Floats:
        """The probabilities [classes] of the record as it is."""
        found: Floats = self.model.ensemble.pool.log_probabilities(self.by_expert).exp().numpy()[0]
        return found

    def probabilities_with(self, changes: Sequence[Mapping[str, float]]) -> Floats:
        """The probabilities [m, classes] with each of m sets of changed numbers."""
        items = [_changed(self.item, change) for change in changes]
        found = self.model.ensemble.expert_log_probabilities(items, self.model.classes, self.changing)
        whole = {name: found.get(name, rows.expand(len(items), -1)) for name, rows in self.by_expert.items()}
        pooled: Floats = self.model.ensemble.pool.log_probabilities(whole).exp().numpy()
        return pooled

    def labels_with(self, changes: Sequence[Mapping[str, float]]) -> list[str]:
        """The chosen class with each of m sets of changed numbers."""
        return self.model.choose(torch.from_numpy(self.probabilities_with(changes)))


def numbers_of(item: Prepared) -> dict[str, float]:
    """The numbers in the readings of a record."""
    return finite_numbers(item.reading.values)


def _changed(item: Prepared, change: Mapping[str, float]) -> Prepared:
    """The record with changed numbers and the features computed from them."""
    values = {**item.reading.values, **change}
    return replace(item, numbers={**item.numbers, **reading_features(values, item.density)})
