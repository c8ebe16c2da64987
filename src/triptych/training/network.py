"""The three-panel network: adapters, warm-up heads, fusion and classifier."""

from dataclasses import dataclass, fields
from typing import Any, Self

import torch
from torch import Tensor, nn

from triptych.config import Config
from triptych.encoders.adapters import ImageAdapter, VectorAdapter
from triptych.fusion import CMAF, PanelDropout


@dataclass(frozen=True)
class Panels:
    """What the encoders made of n records, one tensor per branch.

    Attributes:
        image: the image encoder's maps [n, c, h, w], or what `Network.compress` made of them.
        vlm: features of the descriptions [n, t].
        llm: features of the reasonings [n, t].
        readings: numbers [n, d], NaN where missing; None when the branch is off.
        same_vlm, same_llm: numbers [n] that are equal where the texts are.
        labels: class indices [n]; None when unknown.
    """

    image: Tensor
    vlm: Tensor
    llm: Tensor
    same_vlm: Tensor
    same_llm: Tensor
    readings: Tensor | None = None
    labels: Tensor | None = None

    def __len__(self) -> int:
        return len(self.image)

    def __getitem__(self, rows: Tensor) -> Self:
        """The records `rows` (indices)."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        taken: dict[str, Any] = {name: None if part is None else part[rows] for name, part in parts.items()}
        return type(self)(**taken)


@dataclass(frozen=True)
class Sizes:
    """The sizes that depend on encoders and data; with a Config they determine the network."""

    channels: int
    grid: int
    text: int
    readings: int
    classes: int


class Network(nn.Module):
    """From panels to class logits."""

    def __init__(self, config: Config, sizes: Sizes) -> None:
        super().__init__()
        e, f = config.encoders, config.fusion
        self.branches = nn.ModuleDict(
            {
                "image": ImageAdapter(sizes.channels, sizes.grid, e.image_components, e.dim, e.dropout),
                "vlm": VectorAdapter(sizes.text, e.dim, e.dropout),
                "llm": VectorAdapter(sizes.text, e.dim, e.dropout),
            }
        )
        if sizes.readings:
            self.branches["readings"] = VectorAdapter(sizes.readings, e.dim, e.dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(e.dim, sizes.classes) for name in self.branches})
        self.log_temperature = nn.Parameter(torch.tensor(config.alignment.temperature).log())
        self.panel_dropout = PanelDropout(f.panel_dropout)
        self.fusion = CMAF(tuple(self.branches), e.dim, f.reduced, f.heads)
        self.classifier = nn.Sequential(
            nn.LayerNorm(e.dim),
            nn.Dropout(e.dropout),
            nn.Linear(e.dim, e.dim),
            nn.GELU(),
            nn.Linear(e.dim, sizes.classes),
        )

    @property
    def temperature(self) -> Tensor:
        """Tau of equation 3, kept in 0.01..1 so that the contrast neither explodes nor vanishes."""
        return self.log_temperature.exp().clamp(0.01, 1.0)

    def fit_inputs(self, panels: Panels) -> None:
        """Take scales and principal components from the training panels."""
        for name in self.branches:
            self._branch(name).fit(getattr(panels, name))

    @torch.no_grad()
    def compress(self, panels: Panels) -> Panels:
        """The panels as the trained part wants them: done once, so that training never sees the encoders' width."""
        parts = {name: self._branch(name).compress(getattr(panels, name)) for name in self.branches}
        return Panels(same_vlm=panels.same_vlm, same_llm=panels.same_llm, labels=panels.labels, **parts)

    def _branch(self, name: str) -> ImageAdapter | VectorAdapter:
        branch = self.branches[name]
        assert isinstance(branch, ImageAdapter | VectorAdapter)
        return branch

    def represent(self, panels: Panels) -> dict[str, Tensor]:
        """Compressed panels -> representations Z, a map [b, dim, h, w] per branch."""
        return {name: branch(getattr(panels, name)) for name, branch in self.branches.items()}

    def branch_logits(self, panels: Panels) -> dict[str, Tensor]:
        """Class logits [b, classes] of each branch alone, for the warm-up."""
        return {name: self.heads[name](z.mean(dim=(2, 3))) for name, z in self.represent(panels).items()}

    def forward(self, panels: Panels) -> Tensor:
        """Compressed panels -> class logits [b, classes]."""
        fused: Tensor = self.fusion(self.panel_dropout(self.represent(panels)))
        logits: Tensor = self.classifier(fused.mean(dim=(2, 3)))
        return logits
