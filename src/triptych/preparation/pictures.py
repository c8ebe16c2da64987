"""Converts pictures and digitised plots to small arrays, for an encoder that is trained on them."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

SIDE = 160  # px, side of the small pictures


def small_picture(image: Image.Image) -> NDArray[np.uint8]:
    """An RGB picture as [3, SIDE, SIDE]."""
    small = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.ascontiguousarray(np.asarray(small, dtype=np.uint8).transpose(2, 0, 1))


def plot_picture(density: NDArray[np.float32] | None, side: int) -> NDArray[np.uint8]:
    """The shares of dots per cell [side, side] as a grey picture: many dots are dark; without a plot it is white."""
    if density is None or not density.any():
        return np.full((side, side), 255, dtype=np.uint8)
    grey: NDArray[np.uint8] = np.rint(255 * (1 - np.sqrt(density / density.max()))).astype(np.uint8)
    return grey


def turned(plots: Tensor) -> Tensor:
    """The 7 other quarter turns and mirror images, [n, 7, side, side], of pictures [n, side, side]."""
    ways = [plots, plots.flip(2)]
    return torch.stack([way.rot90(quarters, (1, 2)) for way in ways for quarters in range(4)][1:], dim=1)


def mirrored(pictures: Tensor) -> Tensor:
    """Pictures [..., h, w], flipped horizontally."""
    return pictures.flip(-1)


def has_plot(plots: Tensor) -> Tensor:
    """A mask [n] of the pictures [n, side, side] that are not entirely white."""
    return (plots < 255).flatten(1).any(dim=1)
