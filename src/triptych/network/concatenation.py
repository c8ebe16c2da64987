"""Direct concatenation of the branches, compared with CMAF in Table 5."""

import torch
from torch import Tensor, nn


class Concatenation(nn.Module):
    """Concatenates the means of the branches over positions; has no parameters.

    Args:
        branches: names of the branches, in order.
        dim: channels c of every branch.
    """

    def __init__(self, branches: tuple[str, ...], dim: int) -> None:
        super().__init__()
        self.branches = branches
        self.channels = dim * len(branches)

    def forward(self, maps: dict[str, Tensor]) -> Tensor:
        """Maps [b, c, h, w] by branch -> [b, c * branches, 1, 1]."""
        means = [maps[name].mean(dim=(2, 3), keepdim=True) for name in self.branches]
        return torch.cat(torch.broadcast_tensors(*means), dim=1)
