"""An image encoder that is trained on digitised plots, with class logits of its own (beyond the paper).

A frozen encoder sees in a plot what it has learned from photographs, and measured patterns see what somebody has
thought of. Where the form of a map decides, a network whose weights are trained on such maps sees more. It is
EfficientNet-Lite0, made quick enough to be trained on a CPU: pictures of half the usual side, the early layers as they
came, and of the others all but the depthwise filters, which hold a twentieth of the weights and whose gradients take a
third of the time.
"""

from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.encoders.image import Lite0, LiteNetwork
from triptych.network.tuned import keep_statistics

SIDE = 112  # px, of what the network sees
FROZEN = 3  # blocks, the first ones, that stay as they came
DROPOUT = 0.2
CHUNK = 8  # plots seen at a time; more do not fit into the caches of a processor, and take three times as long


class PlotEncoder(nn.Module):
    """From pictures of plots to class logits."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        network = Lite0().module()
        self.early = nn.Sequential(*network.first(FROZEN))
        self.late = nn.Sequential(*network.rest(FROZEN), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(Lite0.channels, classes))
        depthwise = (m for m in self.late.modules() if isinstance(m, nn.Conv2d) and m.groups > 1)
        for module in (self.early, *depthwise):
            module.requires_grad_(False)
        self.train()

    def train(self, mode: bool = True) -> Self:
        """Training mode, but for batch normalisation, which never takes new statistics."""
        super().train(mode)
        keep_statistics(self)
        return self

    def forward(self, plots: Tensor) -> Tensor:
        """Grey pictures [b, side, side] in 0..255 -> class logits [b, classes]."""
        logits: Tensor = self.head(self.late(self.maps(plots)))
        return logits

    @torch.no_grad()
    def maps(self, plots: Tensor) -> Tensor:
        """Grey pictures [b, side, side] in 0..255 -> what the layers that stay as they came make of them."""
        grey = F.interpolate(plots[:, None].float(), (SIDE, SIDE), mode="bilinear", antialias=True)
        pixels = LiteNetwork.scale(grey).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        maps: Tensor = self.early(pixels)
        return maps

    def log_probabilities(self, plots: Tensor, *, turned: bool) -> Tensor:
        """Grey pictures [b, side, side] -> log-probabilities [b, classes]; `turned`: means over their quarter turns."""
        ways = torch.stack([plots.rot90(quarters, (1, 2)) for quarters in range(4 if turned else 1)], dim=1)
        found = torch.cat([self(chunk).softmax(dim=1) for chunk in ways.flatten(0, 1).split(CHUNK)])
        return found.reshape(len(plots), ways.shape[1], -1).mean(dim=1).log()
