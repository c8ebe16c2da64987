"""An image encoder for Triptych: the mean colours of a picture on a grid.

It follows the protocol `triptych.encoders.image.ImageEncoder`. It has no weights, and suits classes that differ in the
position of bright or coloured areas.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

SIDE = 224  # px, side of the input of `module`


class ColourGrid:
    """Encodes a picture as its mean colours.

    Args:
        argument: the number of cells along each side, after the colon in `encoders.image=colour-grid:8`.
    """

    channels = 3

    def __init__(self, argument: str = "7") -> None:
        self.grid = int(argument)
        # Part of the cache key of every feature. Change it whenever the encoder would give other features.
        self.id = f"colour-grid-{self.grid}-v1"

    def encode(self, image: Image.Image) -> NDArray[np.float16]:
        """Mean colours [3, grid, grid] of an RGB picture, 0..1."""
        with torch.inference_mode():
            cells = self.module()(torch.from_numpy(self.pixels(image))[None])[0]
        return np.asarray(cells.numpy(), dtype=np.float16)

    def pixels(self, image: Image.Image) -> NDArray[np.uint8]:
        """The picture as input of `module`, [3, SIDE, SIDE]."""
        small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        return np.asarray(small, dtype=np.uint8).transpose(2, 0, 1).copy()

    def module(self) -> nn.Module:
        """A network for `encoders.tune=full`; this one has no weights to train."""
        return _Means(self.grid)


class _Means(nn.Module):
    def __init__(self, grid: int) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(grid)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels [b, 3, SIDE, SIDE] -> means [b, 3, grid, grid]."""
        means: Tensor = self.pool(pixels.float() / 255)
        return means
