"""The visual input of the small VLM: the encoder's feature map of a close view, and thumbnails of two views.

A view of a dot plot shows the density of the dots at a fixed scale. The colours, circles and dot sizes of a machine are
removed, so that unknown sheets look like known ones. The wide view is centred on the target, the close view on the
dots. For a picture without a plot, both views are the whole picture. The thumbnails are concatenated to the feature map
cell by cell, because an encoder trained on photographs captures the shape of a cloud, but its position and width only
roughly.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.cache import Cache
from triptych.encoders.cached import image_features
from triptych.encoders.image import ImageEncoder
from triptych.reading import PlotMeasures

SIDE = 224  # px
CELLS = 32  # across the target; a few hundred dots give no finer density
WIDE, CLOSE = 0.6, 0.45  # half the side of each view, in radii of the target
TONES = (1.0, 0.25, 0.5)  # exponents of the three channels: the core of a cloud, its stray dots, all of it
PATCH = 4  # px of a thumbnail along each side of a cell
PATCH_CHANNELS = 2 * PATCH * PATCH * len(TONES)


def view_features(
    image: Image.Image, plot: PlotMeasures | None, encoder: ImageEncoder, cache: Cache
) -> NDArray[np.float16]:
    """The encoder's feature map of the close view, and thumbnails of both, [c + PATCH_CHANNELS, grid, grid]."""
    wide, close = make_views(image, plot)
    patches = [_patches(view, encoder.grid) for view in (wide, close)]
    return np.concatenate([image_features(encoder, close, cache), *patches])


def make_views(image: Image.Image, plot: PlotMeasures | None) -> tuple[Image.Image, Image.Image]:
    """The wide and the close view."""
    if plot is None:
        whole = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        return whole, whole
    return _window(plot, 0.0, 0.0, WIDE), _window(plot, plot.centroid_x, plot.centroid_y, CLOSE)


def _window(plot: PlotMeasures, x: float, y: float, half: float) -> Image.Image:
    """The density of the dots in the square around (x, y), in radii, as a picture."""
    import cv2

    density = np.nan_to_num(plot.density).clip(min=0).astype(np.float32)
    density = np.asarray(cv2.resize(density, (CELLS, CELLS), interpolation=cv2.INTER_AREA))
    at = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE * 2 - 1  # px -> -1..1
    columns, rows = np.meshgrid((x + half * at + 1) / 2 * CELLS - 0.5, (1 - (y - half * at)) / 2 * CELLS - 0.5)
    shown = np.asarray(cv2.remap(density, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR))
    tones = np.stack([(shown / max(float(shown.max()), 1e-9)) ** exponent for exponent in TONES], axis=2)
    return Image.fromarray(np.rint(255 * tones).astype(np.uint8))


def _patches(view: Image.Image, grid: int) -> NDArray[np.float16]:
    """A thumbnail in cells, [PATCH_CHANNELS / 2, grid, grid]; each tone is divided by its mean over the view."""
    side = grid * PATCH
    small = np.asarray(view.resize((side, side), Image.Resampling.BOX), dtype=np.float32)
    shares: NDArray[np.float32] = small / small.mean(axis=(0, 1)).clip(min=1.0)
    cells = shares.reshape(grid, PATCH, grid, PATCH, len(TONES)).transpose(1, 3, 4, 0, 2)
    return np.asarray(cells.reshape(-1, grid, grid), dtype=np.float16)
