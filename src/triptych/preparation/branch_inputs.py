"""Prepared records, stacked into tensors: one for each branch of the network."""

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
    """What the encoders made of n records, one tensor per branch.

    Attributes:
        image: the image encoder's maps [n, c, h, w], or what `Network.compress` made of them; pixels
            [n, 3, side, side] where the encoder is trained.
        vlm: features of the descriptions [n, t]; tokens [n, length] where the encoder is trained.
        llm: features or tokens of the reasonings.
        readings: numbers [n, d], NaN where missing; None when the branch is off.
        same_vlm, same_llm: numbers [n] that are equal where the texts are.
        same_image: numbers [n], from 0, that are equal where records share a picture or a group; None: all differ.
        labels: class indices [n]; None when unknown.
        missing_vlm, missing_llm: truth values [n], where there is no such text; None when there is one everywhere.
        variants: readings [n, k, d] of k records drawn from each one by augmentation, which have nothing else; None
            without such augmentation.
        pictures: small RGB pictures [n, 3, s, s], what the image encoder sees; None where none are needed.
        plots: digitised plots as grey pictures [n, s, s], white where there is none; None without plots.
        drawn_plots: those [n, k, s, s] of the k records drawn from each one.
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
        """As arrays, which processes can share."""
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
    """The inputs of n prepared records."""
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
    """The inputs of n prepared records with readings and plots of the k records drawn from each; as is without any.

    A record that has fewer of them than others has them more than once, and one that has none stands for itself.
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
    """Their plots as grey pictures [n, s, s]; None where no record has one."""
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
    """A number per text, equal where the texts are."""
    numbers = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return torch.tensor([numbers[text] for text in texts])
