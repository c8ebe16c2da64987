"""Stacks prepared records into tensors, one for each branch of the network."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import cycle, islice
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.encoders.chosen import pad
from triptych.encoders.text import PADDING
from triptych.features.vector import Features
from triptych.preparation.pictures import plot_picture
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.records.splits import sides


@dataclass(frozen=True)
class BranchInputs:
    """The inputs of n records: one tensor per branch, labels, and what augmentation drew from the records.

    Attributes:
        image: feature maps of the image encoder [n, c, h, w], or the output of `Network.compress` for them; pixels
            [n, 3, side, side] if the encoder is trained.
        vlm: features of the descriptions [n, t]; tokens [n, length] if the encoder is trained.
        llm: features or tokens of the reasonings.
        readings: readings features [n, d], NaN where missing; None if there are none.
        same_vlm, same_llm: numbers [n], equal for records with equal texts.
        same_image: numbers [n], from 0, equal for records that share a picture or a group; None if all differ.
        labels: class indices [n]; None if unknown.
        missing_vlm, missing_llm: masks [n] of the records without this text; None if all records have it.
        variants: readings features [n, k, d] of k records that augmentation drew from each record; None without such
            records.
        pictures: small RGB pictures [n, 3, s, s] of what the image encoder sees; None if not needed.
        plots: digitised plots as grey pictures [n, s, s], white for records without a plot; None without plots.
        drawn_plots: plots [n, j, s, s] that augmentation drew from each record; None without them.
    """

    image: Tensor
    vlm: Tensor
    llm: Tensor
    same_vlm: Tensor
    same_llm: Tensor
    readings: Tensor | None = None
    labels: Tensor | None = None
    missing_vlm: Tensor | None = None
    missing_llm: Tensor | None = None
    variants: Tensor | None = None
    same_image: Tensor | None = None
    pictures: Tensor | None = None
    plots: Tensor | None = None
    drawn_plots: Tensor | None = None

    def __len__(self) -> int:
        return len(self.image)

    def __getstate__(self) -> dict[str, Any]:
        """The tensors as NumPy arrays, which joblib shares between processes by memory mapping."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: None if part is None else part.numpy() for name, part in parts.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, part in state.items():
            object.__setattr__(self, name, None if part is None else torch.from_numpy(part))

    def __getitem__(self, rows: Tensor) -> Self:
        """The records `rows` (indices)."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        taken: dict[str, Any] = {name: None if part is None else part[rows] for name, part in parts.items()}
        return type(self)(**taken)

    def to(self, device: torch.device) -> Self:
        """The same inputs on `device`."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        moved: dict[str, Any] = {name: None if part is None else part.to(device) for name, part in parts.items()}
        return type(self)(**moved)


def stack_inputs(
    prepared: Sequence[Prepared], features: Features, classes: Sequence[str], *, labelled: bool
) -> BranchInputs:
    """Stack n prepared records."""
    labels = [classes.index(item.record.label or "") for item in prepared] if labelled else None
    return BranchInputs(
        image=torch.from_numpy(np.stack([item.image for item in prepared])),
        vlm=_stack_texts([item.vlm for item in prepared]),
        llm=_stack_texts([item.llm for item in prepared]),
        same_vlm=_same([item.answers.description for item in prepared]),
        same_llm=_same([item.answers.reasoning for item in prepared]),
        same_image=torch.tensor(sides([item.record for item in prepared])),
        pictures=torch.from_numpy(np.stack([item.picture for item in prepared])),
        plots=_plots(prepared),
        readings=torch.from_numpy(features.matrix(prepared)) if features.names else None,
        missing_vlm=_missing(prepared, "vlm"),
        missing_llm=_missing(prepared, "llm"),
        labels=None if labels is None else torch.tensor(labels),
    )


def with_variants(
    inputs: BranchInputs, prepared: Sequence[Prepared], variants: Sequence[DrawnRecord], features: Features
) -> BranchInputs:
    """Add to the inputs of n prepared records the readings and plots of the records drawn from them.

    k is the largest number drawn from one record. A record with fewer repeats them, and a record with none repeats
    itself. Without drawn records or readings features, `inputs` is returned unchanged.
    """
    own: dict[int, list[Prepared | DrawnRecord]] = {}
    for variant in variants:
        own.setdefault(variant.origin, []).append(variant)
    if not own or not features.names:
        return inputs
    most = max(map(len, own.values()))
    rows = [list(islice(cycle(own.get(i, [item])), most)) for i, item in enumerate(prepared)]
    drawn = [item for row in rows for item in row]
    readings, plots = torch.from_numpy(features.matrix(drawn)), _plots(drawn)
    return replace(
        inputs,
        variants=readings.unflatten(0, (-1, most)),
        drawn_plots=None if plots is None else plots.unflatten(0, (-1, most)),
    )


def _plots(items: Sequence[Prepared | DrawnRecord]) -> Tensor | None:
    """The plots as grey pictures [n, s, s]; None if no record has one."""
    densities = [item.density for item in items]
    side = next((len(density) for density in densities if density is not None), None)
    return None if side is None else torch.from_numpy(np.stack([plot_picture(d, side) for d in densities]))


def _stack_texts(rows: list[NDArray[Any]]) -> Tensor:
    """Features [n, t], or tokens [n, greatest length]."""
    return torch.from_numpy(pad(rows, PADDING) if rows[0].dtype.kind == "i" else np.stack(rows).astype(np.float32))


def _missing(prepared: Sequence[Prepared], branch: str) -> Tensor | None:
    missing = [branch in item.missing for item in prepared]
    return torch.tensor(missing) if any(missing) else None


def _same(texts: Sequence[str]) -> Tensor:
    """A number for each text, equal for equal texts."""
    numbers = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return torch.tensor([numbers[text] for text in texts])
