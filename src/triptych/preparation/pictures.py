"""Pictures and digitised plots as small arrays, for an encoder that is trained on them."""

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

SIDE = 160  # px, of the small pictures


def small_picture(image: Image.Image) -> NDArray[np.uint8]:
    """An RGB picture as [3, SIDE, SIDE]."""
    small = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.ascontiguousarray(np.asarray(small, dtype=np.uint8).transpose(2, 0, 1))


def plot_picture(density: NDArray[np.float32] | None, side: int) -> NDArray[np.uint8]:
    """Shares of dots in cells [side, side] as a grey picture of that size, dark where dots crowd; all white without."""
    if density is None or not density.any():
        return np.full((side, side), 255, dtype=np.uint8)
    grey: NDArray[np.uint8] = np.rint(255 * (1 - np.sqrt(density / density.max()))).astype(np.uint8)
    return grey


def turned(plots: Tensor) -> Tensor:
    """Pictures [n, side, side] all other ways up, and mirrored, [n, 7, side, side]."""
    ways = [plots, plots.flip(2)]
    return torch.stack([way.rot90(quarters, (1, 2)) for way in ways for quarters in range(4)][1:], dim=1)


def mirrored(pictures: Tensor) -> Tensor:
    """Pictures [..., h, w], left and right exchanged."""
    return pictures.flip(-1)


def has_plot(plots: Tensor) -> Tensor:
    """Which [n] of the pictures [n, side, side] are not white."""
    return (plots < 255).flatten(1).any(dim=1)
