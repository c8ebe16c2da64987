"""Direct concatenation of the panels, which Table 5 compares with CMAF."""

import torch
from torch import Tensor, nn


class Concatenation(nn.Module):
    """Puts the panels' means over their maps side by side; nothing is learned.

    Args:
        panels: names of the panels, in order.
        dim: channels c of every panel.
    """

    def __init__(self, panels: tuple[str, ...], dim: int) -> None:
        super().__init__()
        self.panels = panels
        self.channels = dim * len(panels)

    def forward(self, panels: dict[str, Tensor]) -> Tensor:
        """Maps [b, c, h, w] by panel -> [b, c * panels, 1, 1]."""
        means = [panels[name].mean(dim=(2, 3), keepdim=True) for name in self.panels]
        return torch.cat(torch.broadcast_tensors(*means), dim=1)
