"""Draws heat maps over pictures, in red."""

import numpy as np
from PIL import Image, ImageDraw

from triptych.explain.heat_map import HeatMap

RED = (214, 40, 40)
STRENGTH = 0.6  # opacity at the maximum of a map
EDGE = 0.01  # share of a side that may be missing from a view of the whole picture


def over_view(heat: HeatMap) -> Image.Image:
    """What the expert sees, with the heat map over it."""
    view = heat.view.convert("RGB")
    return Image.composite(Image.new("RGB", view.size, RED), view, _opacity(heat, view.size))


def over_picture(picture: Image.Image, heat: HeatMap, scale: float = 1.0) -> Image.Image:
    """A copy of a picture with the heat map in its place, which is outlined if it is a part of it.

    Args:
        picture: the record's picture, possibly reduced.
        heat: the map.
        scale: px of `picture` in one px of the record's picture.
    """
    drawn = picture.convert("RGB")
    left, top, right, bottom = (round(edge * scale) for edge in heat.box)
    opacity = Image.new("L", drawn.size)
    opacity.paste(_opacity(heat, (max(right - left, 1), max(bottom - top, 1))), (left, top))
    drawn = Image.composite(Image.new("RGB", drawn.size, RED), drawn, opacity)
    if not covers(heat, picture.width / scale, picture.height / scale):
        ImageDraw.Draw(drawn).rectangle((left, top, right - 1, bottom - 1), outline=RED, width=2)
    return drawn


def covers(heat: HeatMap, width: float, height: float) -> bool:
    """Whether the expert sees the whole of a picture of this size."""
    (left, top, right, bottom), x, y = heat.box, EDGE * width, EDGE * height
    return left <= x and top <= y and right >= width - x and bottom >= height - y


def _opacity(heat: HeatMap, size: tuple[int, int]) -> Image.Image:
    grey = Image.fromarray((255 * STRENGTH * np.clip(heat.values, 0, 1)).astype(np.uint8))
    return grey.resize(size, Image.Resampling.BILINEAR)
