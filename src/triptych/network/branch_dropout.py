"""Leaves out whole branches at random while fusion is trained, beyond the paper.

With few records a network leans on whichever branch fits the training set most easily; one that must often do without
any given branch spreads its weight. A branch that is left out is zero, without rescaling of the others: just what a
branch is that is missing for good.
"""

import torch
from torch import Tensor, nn


class BranchDropout(nn.Module):
    """Sets each branch of each record to zero with probability `share`, in training mode only."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, maps: dict[str, Tensor]) -> dict[str, Tensor]:
        """Maps [b, c, h, w] by branch -> the same, some of them zero."""
        if not self.training or not self.share:
            return maps
        return {name: z * (torch.rand(len(z), 1, 1, 1, device=z.device) >= self.share) for name, z in maps.items()}
