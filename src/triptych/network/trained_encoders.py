"""Trained encoders (section 3.2), instead of adapters on cached features.

`full` trains all weights of an encoder. `adapters` freezes the text encoders and trains a small bottleneck after each
of their layers: the paper's two adapters, one for each text branch, against catastrophic forgetting. The bottleneck is
the residual one of Houlsby et al., "Parameter-Efficient Transfer Learning for NLP" (2019), initialised as the identity.

The branches return maps [b, dim, h, w] normalised over their channels, like the adapters of frozen encoders.
"""

from typing import Any, Self

import torch
from torch import Tensor, nn

from triptych.errors import TriptychError
from triptych.network.adapters import ChannelNorm

BOTTLENECK = 48


def keep_statistics(encoder: nn.Module) -> None:
    """Use the running statistics of batch normalisation in training: batches are too small to estimate new ones."""
    for module in encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


class TunedImage(nn.Module):
    """An image encoder, a 1x1 convolution to the representation, and a learned position map."""

    def __init__(self, encoder: nn.Module, channels: int, grid: int, dim: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(dropout)
        self.project = nn.Conv2d(channels, dim, kernel_size=1)
        self.position = nn.Parameter(torch.zeros(1, dim, grid, grid))
        self.norm = ChannelNorm(dim)

    def train(self, mode: bool = True) -> Self:
        """Set training mode, except for batch normalisation."""
        super().train(mode)
        keep_statistics(self.encoder)
        return self

    def fit(self, pixels: Tensor) -> None:
        """Do nothing: no statistics of the training pictures are needed."""

    def compress(self, pixels: Tensor) -> Tensor:
        """Return the pixels unchanged: their features change while the encoder is trained."""
        return pixels

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels [b, 3, side, side] -> representation [b, dim, grid, grid]."""
        return self.norm(self.project(self.drop(self.encoder(pixels))) + self.position)  # type: ignore[no-any-return]


class TunedText(nn.Module):
    """A text encoder and a linear projection to the representation."""

    def __init__(self, encoder: nn.Module, channels: int, dim: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(dropout)
        self.project = nn.Linear(channels, dim)
        self.norm = nn.LayerNorm(dim)

    def fit(self, tokens: Tensor) -> None:
        """Do nothing: no statistics of the training texts are needed."""

    def compress(self, tokens: Tensor) -> Tensor:
        """Return the tokens unchanged."""
        return tokens

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens [b, length] -> representation [b, dim, 1, 1]."""
        return self.norm(self.project(self.drop(self.encoder(tokens))))[:, :, None, None]  # type: ignore[no-any-return]


class Bottleneck(nn.Module):
    """x + up(gelu(down(x))) over the last dimension; initialised as the identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.down = nn.Linear(width, BOTTLENECK)
        self.up = nn.Linear(BOTTLENECK, width)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] -> [..., width]."""
        return x + self.up(nn.functional.gelu(self.down(x)))  # type: ignore[no-any-return]


class AdaptedLayer(nn.Module):
    """A transformer layer with a bottleneck on its output."""

    def __init__(self, layer: nn.Module, width: int) -> None:
        super().__init__()
        self.layer = layer
        self.adapter = Bottleneck(width)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The output of the layer, with adapted hidden states [b, length, width]."""
        out = self.layer(*args, **kwargs)
        return (self.adapter(out[0]), *out[1:]) if isinstance(out, tuple) else self.adapter(out)


def insert_adapters(encoder: nn.Module, width: int) -> nn.Module:
    """Freeze `encoder`, add a trainable bottleneck after each of its transformer layers, and return it.

    Raises:
        TriptychError: the encoder has no list of layers like the encoders of the BERT family.
    """
    encoder.requires_grad_(requires_grad=False)
    layers = next(
        (module.layer for module in encoder.modules() if isinstance(getattr(module, "layer", None), nn.ModuleList)),
        None,
    )
    if not isinstance(layers, nn.ModuleList):
        raise TriptychError(
            "encoders.tune=adapters: the text encoder has no list of layers to which adapters can be added; choose an "
            "encoder of the BERT family, or encoders.tune=frozen or full"
        )
    for i, layer in enumerate(layers):
        layers[i] = AdaptedLayer(layer, width)
    return encoder
