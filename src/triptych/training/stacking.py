"""Prepared records, stacked into the tensors that the network takes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from triptych.encoders.chosen import pad
from triptych.encoders.features import Features
from triptych.encoders.plot import plot_picture
from triptych.encoders.text import PADDING
from triptych.records.splits import sides
from triptych.training.network import Panels
from triptych.training.prepared import DrawnRecord, Prepared


def stack_panels(prepared: Sequence[Prepared], features: Features, classes: Sequence[str], *, labelled: bool) -> Panels:
    """The panels of n prepared records."""
    labels = [classes.index(item.record.label or "") for item in prepared] if labelled else None
    return Panels(
        image=torch.from_numpy(np.stack([item.image for item in prepared])),
        vlm=_stack_texts([item.vlm for item in prepared]),
        llm=_stack_texts([item.llm for item in prepared]),
        same_vlm=_same([item.answers.description for item in prepared]),
        same_llm=_same([item.answers.reasoning for item in prepared]),
        same_image=torch.tensor(sides([item.record for item in prepared])),
        plots=_plots(prepared),
        readings=torch.from_numpy(features.matrix(prepared)) if features.names else None,
        missing_vlm=_missing(prepared, "vlm"),
        missing_llm=_missing(prepared, "llm"),
        labels=None if labels is None else torch.tensor(labels),
    )


def with_variants(
    panels: Panels, prepared: Sequence[Prepared], variants: Sequence[DrawnRecord], features: Features
) -> Panels:
    """The panels of n prepared records with readings and plots of the k records drawn from each; as is without any.

    A record that has fewer of them than others has them more than once, and one that has none stands for itself.
    """
    own: dict[int, list[Prepared | DrawnRecord]] = {}
    for variant in variants:
        own.setdefault(variant.origin, []).append(variant)
    if not own or not features.names:
        return panels
    most = max(map(len, own.values()))
    rows = [list(islice(cycle(own.get(i, [item])), most)) for i, item in enumerate(prepared)]
    drawn = [item for row in rows for item in row]
    readings, plots = torch.from_numpy(features.matrix(drawn)), _plots(drawn)
    return replace(
        panels,
        variants=readings.unflatten(0, (-1, most)),
        drawn_plots=None if plots is None else plots.unflatten(0, (-1, most)),
    )


def _plots(items: Sequence[Prepared | DrawnRecord]) -> torch.Tensor | None:
    """Their plots as grey pictures [n, s, s]; None where no record has one."""
    densities = [item.density for item in items]
    side = next((len(density) for density in densities if density is not None), None)
    return None if side is None else torch.from_numpy(np.stack([plot_picture(d, side) for d in densities]))


def _stack_texts(rows: list[NDArray[Any]]) -> torch.Tensor:
    """Features [n, t], or tokens [n, greatest length]."""
    return torch.from_numpy(pad(rows, PADDING) if rows[0].dtype.kind == "i" else np.stack(rows).astype(np.float32))


def _missing(prepared: Sequence[Prepared], branch: str) -> torch.Tensor | None:
    missing = [branch in item.missing for item in prepared]
    return torch.tensor(missing) if any(missing) else None


def _same(texts: Sequence[str]) -> torch.Tensor:
    """A number per text, equal where the texts are."""
    numbers = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    return torch.tensor([numbers[text] for text in texts])
