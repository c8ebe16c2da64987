"""Cross-modality attention fusion (section 3.4, equations 6 to 8).

Q comes from the VLM branch, K from the LLM branch and V from the image branch. Each text is a single vector, so
attention over positions would be trivial. The softmax therefore runs over channels: per head, A = softmax(Q K^T /
sqrt(r)) is a square matrix of channels, and A V mixes the image's channels at every position. A projection and a
sigmoid turn the result into one weight per branch and position, and the branches are summed with these weights.
"""

import math

import torch
from torch import Tensor, nn

QUERY, KEY, VALUE = "vlm", "llm", "image"


class CMAF(nn.Module):
    """Sums the branches with weights computed from the image, VLM and LLM branches.

    Args:
        branches: names of the branches: `vlm`, `llm`, `image` and any others, each of which has a weight, too.
        dim: channels c of every branch.
        reduced: channels r after the projections of equation 6; a multiple of `heads`.
        heads: attention heads.
        sigmoid: limit the weights to 0..1 as in equation 7; Table 5 compares with unlimited weights.
    """

    def __init__(self, branches: tuple[str, ...], dim: int, reduced: int, heads: int, *, sigmoid: bool = True) -> None:
        super().__init__()
        if reduced % heads:
            raise ValueError(f"fusion.reduced ({reduced}) must be a multiple of fusion.heads ({heads})")
        self.branches, self.heads, self.reduced, self.sigmoid = branches, heads, reduced, sigmoid
        self.channels = dim
        self.project_query = nn.Conv2d(dim, reduced, kernel_size=1)
        self.project_key = nn.Conv2d(dim, reduced, kernel_size=1)
        self.project_value = nn.Conv2d(dim, reduced, kernel_size=1)
        self.project_weights = nn.Conv2d(reduced, len(branches), kernel_size=1)

    def weights(self, maps: dict[str, Tensor]) -> Tensor:
        """W of equation 7: one weight per branch and position, [b, branches, h, w]."""
        query = self._split(self.project_query(maps[QUERY]))  # [b, heads, r / heads, 1]
        key = self._split(self.project_key(maps[KEY]))
        value = self._split(self.project_value(maps[VALUE]))  # [b, heads, r / heads, h w]
        attention = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(self.reduced), dim=-1)
        context = (attention @ value).flatten(1, 2).unflatten(-1, maps[VALUE].shape[-2:])  # C, [b, r, h, w]
        weights: Tensor = self.project_weights(context)
        return torch.sigmoid(weights) if self.sigmoid else weights

    def forward(self, maps: dict[str, Tensor]) -> Tensor:
        """Z_fused of equation 8, [b, c, h, w], from maps [b, c, h, w] ([b, c, 1, 1] except for the image)."""
        weights = self.weights(maps).split(1, dim=1)
        fused = torch.zeros((), device=weights[0].device)
        for weight, name in zip(weights, self.branches, strict=True):
            fused = torch.addcmul(fused, weight, maps[name])
        return fused

    def _split(self, x: Tensor) -> Tensor:
        """[b, r, h, w] -> [b, heads, r / heads, h w]."""
        split: Tensor = x.flatten(2).unflatten(1, (self.heads, -1))
        return split
