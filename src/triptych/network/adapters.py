"""Adapters: small trained layers that map frozen features to the common representation (256-d by default).

The paper trains "two adapters tailored to the ASE dataset" for its text branches and fine-tunes the encoders (section
3.2). Here the encoders are frozen and their features are computed once. The image and the readings have adapters, too.

Every adapter returns a map [b, dim, h, w], with h = w = 1 except for the image. Maps are normalised over their
channels, so that all branches have the same scale.
"""

import torch
from torch import Tensor, nn

from triptych.features.scaling import fit_scales, identity_scales, standardise
from triptych.network.principal_components import CHUNK, principal_components


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of a map [b, c, h, w]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        """The normalised map [b, c, h, w]."""
        return self.norm(x.movedim(1, -1)).movedim(-1, 1)  # type: ignore[no-any-return]


class ImageAdapter(nn.Module):
    """Principal components of the encoder's channels, a trained 1x1 convolution and a learned position map.

    Without the position map, a mean over positions would not depend on where on the target the dots lie.
    """

    mean: Tensor
    components: Tensor

    def __init__(self, channels: int, grid: int, kept: int, dim: int, dropout: float) -> None:
        super().__init__()
        kept = min(kept, channels)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("components", torch.zeros(kept, channels))
        self.position = nn.Parameter(torch.zeros(1, dim, grid, grid))
        self.drop = nn.Dropout(dropout)
        self.expand = nn.Conv2d(kept, dim, kernel_size=1)
        self.norm = ChannelNorm(dim)

    def fit(self, features: Tensor) -> None:
        """Fit the components, scaled to unit variance, to training features [n, c, h, w]."""
        found = principal_components(features, len(self.components))
        self.mean.copy_(found.mean)
        self.components.copy_(found.components)

    def compress(self, features: Tensor) -> Tensor:
        """Encoder features [n, c, h, w] -> principal components [n, kept, h, w]; done once, before training."""
        mean = self.mean[:, None, None]
        chunks = [torch.einsum("kc,nchw->nkhw", self.components, c.float() - mean) for c in features.split(CHUNK)]
        return torch.cat(chunks)

    def forward(self, compressed: Tensor) -> Tensor:
        """Compressed features [b, kept, h, w] -> representation [b, dim, h, w]."""
        return self.norm(nn.functional.gelu(self.expand(self.drop(compressed)) + self.position))  # type: ignore[no-any-return]


class VectorAdapter(nn.Module):
    """Standardises a text's features and maps them to the representation."""

    mean: Tensor
    scale: Tensor

    def __init__(self, channels: int, dim: int, dropout: float) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("scale", torch.ones(channels))
        self.layers = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(channels, dim), nn.GELU(), nn.Dropout(dropout), nn.Linear(dim, dim)
        )
        self.norm = nn.LayerNorm(dim)

    def fit(self, features: Tensor) -> None:
        """Fit mean and scale to training features [n, c]; missing values (NaN) are ignored."""
        known = ~features.isnan()
        count = known.sum(dim=0).clamp_min(1)
        mean = features.nan_to_num().sum(dim=0) / count
        variance = ((features.nan_to_num() - mean) ** 2 * known).sum(dim=0) / count
        self.mean.copy_(mean)
        self.scale.copy_(torch.where(variance > 1e-12, variance.sqrt(), 1.0))

    def compress(self, features: Tensor) -> Tensor:
        """Standardised features [n, c], clipped to 5 sigma; a missing value becomes the training mean."""
        return ((features.float() - self.mean) / self.scale).nan_to_num(nan=0.0).clamp(-5, 5)

    def forward(self, standardised: Tensor) -> Tensor:
        """Standardised features [b, c] -> representation [b, dim, 1, 1]."""
        return self.norm(self.layers(standardised))[:, :, None, None]  # type: ignore[no-any-return]


class ReadingsAdapter(nn.Module):
    """Standardises the readings robustly (`scaling`) and maps them to the representation.

    The scales are float64, because float32 cannot represent small differences between large readings.
    """

    scales: Tensor

    def __init__(self, channels: int, dim: int, dropout: float) -> None:
        super().__init__()
        self.register_buffer("scales", torch.from_numpy(identity_scales(channels)))
        self.layers = nn.Sequential(
            input_dropout(dropout, channels),
            nn.Linear(channels, dim),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(dim, dim),
        )
        self.norm = nn.LayerNorm(dim)

    def fit(self, features: Tensor) -> None:
        """Fit the scales to training features [n, c]; missing values (NaN) are ignored."""
        self.scales.copy_(torch.from_numpy(fit_scales(features.double().cpu().numpy())))

    def compress(self, features: Tensor) -> Tensor:
        """Standardised features [..., c] in float32; a missing value becomes the training mean."""
        scaled = standardise(features.double().cpu().numpy(), self.scales.cpu().numpy())
        return torch.from_numpy(scaled).float().nan_to_num(nan=0.0).to(features.device)

    def forward(self, standardised: Tensor) -> Tensor:
        """Standardised features [b, c] -> representation [b, dim, 1, 1]."""
        return self.norm(self.layers(standardised))[:, :, None, None]  # type: ignore[no-any-return]


def input_dropout(dropout: float, channels: int) -> nn.Dropout:
    """Dropout of inputs; the rate is lower for few `channels`, and 0 for a single one."""
    return nn.Dropout(dropout * (1 - 1 / max(channels, 1)))
