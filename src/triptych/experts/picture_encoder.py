"""An image encoder with trained late layers and a classifier (beyond the paper).

A frozen encoder gives features that were learned from photographs. If small or unusual shapes determine the class, an
encoder that is trained on such pictures is more accurate. The encoder is EfficientNet-Lite0, with four changes that
make training on a CPU fast: pictures have half the usual side, early layers are frozen, batch normalisation is folded
into the convolutions, and the depthwise convolutions of the late layers are frozen, which hold a twentieth of the
weights and whose gradients take a third of the time.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.config import PictureConfig
from triptych.encoders.image import Lite0, LiteNetwork
from triptych.network.fold_batch_norm import fold_batch_norm

CHUNK = 8  # pictures at once; more exceed the processor's caches, and each takes three times as long


class PictureEncoder(nn.Module):
    """From pictures to class logits."""

    def __init__(self, classes: int, config: PictureConfig) -> None:
        super().__init__()
        network = Lite0().module()
        self.side = config.side
        self.early = nn.Sequential(*fold_batch_norm(network.first(config.frozen_blocks)))
        late = fold_batch_norm(network.rest(config.frozen_blocks))
        self.late = nn.Sequential(*late, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Sequential(nn.Dropout(config.dropout), nn.Linear(Lite0.channels, classes))
        depthwise = (m for m in self.late.modules() if isinstance(m, nn.Conv2d) and m.groups > 1)
        for module in (self.early, *depthwise):
            module.requires_grad_(False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures [b, c, s, s] in 0..255, of one channel or three -> class logits [b, classes]."""
        logits: Tensor = self.head(self.late(self.maps(pictures)))
        return logits

    @torch.no_grad()
    def maps(self, pictures: Tensor) -> Tensor:
        """Pictures [b, c, s, s] in 0..255 -> feature maps of the frozen early layers."""
        resized = F.interpolate(pictures.float(), (self.side, self.side), mode="bilinear", antialias=True)
        pixels = LiteNetwork.scale(resized).expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)
        maps: Tensor = self.early(pixels)
        return maps

    def log_probabilities(self, pictures: Tensor, *, turned: bool) -> Tensor:
        """Pictures [b, c, s, s] -> log-probabilities [b, classes]; `turned`: averaged over quarter turns."""
        ways = torch.stack([pictures.rot90(quarters, (2, 3)) for quarters in range(4 if turned else 1)], dim=1)
        found = torch.cat([self(chunk).softmax(dim=1) for chunk in ways.flatten(0, 1).split(CHUNK)])
        return found.reshape(len(pictures), ways.shape[1], -1).mean(dim=1).log()

    def learned_state(self) -> dict[str, Tensor]:
        """The trained weights."""
        return {name: p.detach() for name, p in self.named_parameters() if p.requires_grad}
