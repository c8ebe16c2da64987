"""What a model would say of a record if some of its printed numbers were different.

Only the readings change, with all features that are computed from them. The picture, its plot and the answers of VLM
and LLM stay as they are. So experts that see only these keep their say, and are computed once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.experts.ensemble import Part
from triptych.experts.expert import FittedExpert
from triptych.experts.frozen import FittedFrozen
from triptych.experts.likelihood import log_mean
from triptych.experts.panels import FittedPanels
from triptych.experts.picture import FittedPicture
from triptych.features.readings import finite_numbers, number_features
from triptych.model.model import Model
from triptych.preparation.branch_inputs import BranchInputs, stack_inputs
from triptych.preparation.prepared import Prepared

Floats = NDArray[np.float64]
FAR = 1e9  # step beyond all values, to both sides, to find the experts that depend on numbers: trees ignore small ones
SAME = 1e-6  # greatest difference of log-probabilities that is due to rounding in float32
NO_NUMBERS = (FittedFrozen, FittedPicture)  # experts that never see numbers, so that they need not be tried


@dataclass(frozen=True)
class WhatIf:
    """One record with other numbers.

    Attributes:
        model: the model.
        item: the record.
        by_expert: the log-probabilities [1, classes] of each expert as the record is.
        parts: the experts that may depend on numbers, by training set.
        changing: the experts whose say depends on the numbers.
    """

    model: Model
    item: Prepared
    by_expert: Mapping[str, Tensor] = field(repr=False)
    parts: Sequence["_PartWithReadings"] = field(repr=False)
    changing: frozenset[str]

    @classmethod
    def of(cls, model: Model, item: Prepared, judged: Mapping[str, Mapping[str, float]] | None = None) -> "WhatIf":
        """The record `item`; `judged` are the probabilities by expert, if they are known."""
        if judged is None:
            by_expert = model.ensemble.expert_log_probabilities([item], model.classes)
        else:
            rows = {name: [found[label] for label in model.classes] for name, found in judged.items()}
            by_expert = {name: torch.tensor([row], dtype=torch.float64).log() for name, row in rows.items()}
        found = [_PartWithReadings.of(part, item, model.classes, by_expert) for part in model.ensemble.parts]
        parts = [part for part in found if part is not None]
        far = FAR * np.array([-1, 1])
        probes = [{name: value + step * (1 + abs(value)) for name, value in numbers_of(item).items()} for step in far]
        probed = _with_changes(parts, item, probes, None)
        changing = {name for name, rows in probed.items() if (rows - by_expert[name]).abs().max() > SAME}
        return cls(model, item, by_expert, parts, frozenset(changing))

    @cached_property
    def probabilities(self) -> Floats:
        """The probabilities [classes] of the record as it is."""
        found: Floats = self.model.ensemble.pool.log_probabilities(self.by_expert).exp().numpy()[0]
        return found

    def probabilities_with(self, changes: Sequence[Mapping[str, float]]) -> Floats:
        """The probabilities [m, classes] with each of m sets of changed numbers."""
        changed = _with_changes(self.parts, self.item, changes, self.changing)
        whole = {name: changed.get(name, rows.expand(len(changes), -1)) for name, rows in self.by_expert.items()}
        pooled: Floats = self.model.ensemble.pool.log_probabilities(whole).exp().numpy()
        return pooled

    @property
    def label(self) -> str:
        """The chosen class of the record as it is."""
        return self.model.choose(torch.from_numpy(self.probabilities[None]))[0]

    def labels_with(self, changes: Sequence[Mapping[str, float]]) -> list[str]:
        """The chosen class with each of m sets of changed numbers."""
        return self.model.choose(torch.from_numpy(self.probabilities_with(changes)))

    @cached_property
    def seen(self) -> dict[str, float]:
        """The numbers of the record that are a column of an expert, or from which a column is computed."""
        numbers = numbers_of(self.item)
        seen = np.zeros(len(numbers), dtype=bool)
        changed = _changed_features(self.item, [{name: value + 1 + abs(value)} for name, value in numbers.items()])
        for part in self.parts:
            seen |= part.differs(changed)
        return {name: value for (name, value), is_seen in zip(numbers.items(), seen, strict=True) if is_seen}


@dataclass(frozen=True)
class _PartWithReadings:
    """The experts of one training set that may depend on numbers, asked about one record.

    Attributes:
        row: the readings features [d] of the record as it is.
        columns: the column of each feature.
        experts: by name, a function from readings features [m, d] to log-probabilities [m, classes].
    """

    row: Floats
    columns: Mapping[str, int]
    experts: Mapping[str, Callable[[Tensor], Tensor]]

    @classmethod
    def of(
        cls, part: Part, item: Prepared, classes: Sequence[str], weighted: Mapping[str, Any]
    ) -> "_PartWithReadings | None":
        """The experts of `part` among the `weighted` ones; None if they see no readings."""
        names = [
            name for name, expert in part.experts.items() if name in weighted and not isinstance(expert, NO_NUMBERS)
        ]
        if not names or not part.features.names:
            return None
        inputs = stack_inputs([item], part.features, classes, labelled=False)
        assert inputs.readings is not None
        experts = {name: _asked(part.experts[name], inputs) for name in names}
        columns = {name: i for i, name in enumerate(part.features.names)}
        return cls(inputs.readings.double().numpy()[0], columns, experts)

    def rows(self, changed: Sequence[Mapping[str, float]]) -> Floats:
        """The readings features [m, d] with each of m sets of `_changed_features`."""
        rows = np.tile(self.row, (len(changed), 1))
        for row, features in zip(rows, changed, strict=True):
            for name, value in features.items():
                if name in self.columns:
                    row[self.columns[name]] = value
        return rows

    def differs(self, changed: Sequence[Mapping[str, float]]) -> NDArray[np.bool_]:
        """A mask [m] of the sets that change a column."""
        rows = self.rows(changed)
        mask: NDArray[np.bool_] = ~((rows == self.row) | (np.isnan(rows) & np.isnan(self.row))).all(axis=1)
        return mask


def _with_changes(
    parts: Sequence[_PartWithReadings], item: Prepared, changes: Sequence[Mapping[str, float]], only: Any
) -> dict[str, Tensor]:
    """The log-probabilities [m, classes], by expert, with each of m sets of changed numbers; `only`: of these."""
    found: dict[str, list[Tensor]] = {}
    changed = _changed_features(item, changes)
    for part in parts:
        readings = torch.from_numpy(part.rows(changed))
        for name, ask in part.experts.items():
            if only is None or name in only:
                found.setdefault(name, []).append(ask(readings))
    return {name: log_mean(members) for name, members in found.items()}


def _changed_features(item: Prepared, changes: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The features that are computed from the numbers of a record, with each of m sets of changed numbers."""
    return [number_features({**item.reading.values, **change}) for change in changes]


def _asked(expert: FittedExpert, inputs: BranchInputs) -> Callable[[Tensor], Tensor]:
    """A function from readings features [m, d] of the record with these `inputs` to log-probabilities."""
    if isinstance(expert, FittedPanels):
        return expert.with_readings(inputs)
    return lambda readings: expert.log_probabilities(_repeated(inputs, readings))


def _repeated(inputs: BranchInputs, readings: Tensor) -> BranchInputs:
    """One record m times, with each of the readings features [m, d]; its other tensors are not copied."""
    parts = {each.name: getattr(inputs, each.name) for each in fields(inputs)}
    repeated: dict[str, Any] = {
        name: None if part is None else part.expand(len(readings), *part.shape[1:]) for name, part in parts.items()
    }
    return replace(inputs, **repeated | {"readings": readings})


def numbers_of(item: Prepared) -> dict[str, float]:
    """The numbers in the readings of a record."""
    return finite_numbers(item.reading.values)
