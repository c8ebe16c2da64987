"""Leaves out whole panels at random while fusion is trained, beyond the paper.

With few records a network leans on whichever panel fits the training set most easily; one that must often do without
any given panel spreads its weight. A panel that is left out is zero, without rescaling of the others: just what a
panel is that is missing for good.
"""

import torch
from torch import Tensor, nn


class PanelDropout(nn.Module):
    """Sets each panel of each record to zero with probability `share`, in training mode only."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, panels: dict[str, Tensor]) -> dict[str, Tensor]:
        """Maps [b, c, h, w] by panel -> the same, some of them zero."""
        if not self.training or not self.share:
            return panels
        return {name: z * (torch.rand(len(z), 1, 1, 1, device=z.device) >= self.share) for name, z in panels.items()}
