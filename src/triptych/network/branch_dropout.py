"""Drops whole branches at random while fusion is trained (beyond the paper).

With few records, fusion relies on the branch that fits the training set most easily. Branch dropout makes it use the
other branches, too. A dropped branch is zero and the others are not rescaled, exactly as if the branch were missing.
"""

import torch
from torch import Tensor, nn


class BranchDropout(nn.Module):
    """Sets each branch of each record to zero with probability `share`, in training mode only."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, maps: dict[str, Tensor]) -> dict[str, Tensor]:
        """Maps [b, c, h, w] by branch -> the same maps, zero where a branch of a record is dropped."""
        if not self.training or not self.share:
            return maps
        return {name: z * (torch.rand(len(z), 1, 1, 1, device=z.device) >= self.share) for name, z in maps.items()}
