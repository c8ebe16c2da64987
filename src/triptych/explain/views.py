"""What each expert sees of a record's picture, and where this lies in the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.encoders.image import ImageEncoder
from triptych.explain.heat_map import Box
from triptych.preparation.pictures import plot_picture
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import VIEW_SIDE, plot_box, plot_view
from triptych.records import Decoder

RAMP = 256  # px, side of the picture by which the crop of an encoder is measured: one grey level a px


@dataclass(frozen=True)
class View:
    """A part of a record's picture as an expert sees it, and its place in the picture."""

    image: Image.Image
    box: Box


def picture_view(prepared: Prepared, decoder: Decoder) -> View:
    """The plot at a fixed scale; without a plot, the whole picture (`plot_view`)."""
    image, plot = prepared.record.load_image(decoder), prepared.reading.plot
    return View(plot_view(image, plot), (0, 0, *image.size) if plot is None else plot_box(plot))


def encoder_view(prepared: Prepared, decoder: Decoder, encoder: ImageEncoder) -> View:
    """The part of `picture_view` that reaches the image encoder, which may crop its input."""
    whole = picture_view(prepared, decoder)
    part = seen_part(encoder)
    (w, h), (left, top, right, bottom) = whole.image.size, whole.box
    inner = whole.image.crop((round(part[0] * w), round(part[1] * h), round(part[2] * w), round(part[3] * h)))
    across, down = right - left, bottom - top
    return View(inner, (left + part[0] * across, top + part[1] * down, left + part[2] * across, top + part[3] * down))


def digitised_view(prepared: Prepared) -> View | None:
    """The digitised plot as a grey picture; None without a plot."""
    plot = prepared.reading.plot
    if plot is None or not plot.density.any():
        return None
    (x, y), across, down = plot.center_px, plot.radius_px, plot.radius_px / plot.stretch
    grey = Image.fromarray(plot_picture(plot.density, len(plot.density)))
    large = grey.convert("RGB").resize((VIEW_SIDE, VIEW_SIDE), Image.Resampling.NEAREST)  # as large as other views
    return View(large, (x - across, y - down, x + across, y + down))


def seen_part(encoder: ImageEncoder) -> Box:
    """The part of a square picture that the encoder sees, in shares of its sides.

    It is measured: the grey levels of a ramp say where each px of the encoder's input comes from. So it also holds for
    encoders of other packages, whose processors resize and crop in their own ways.
    """
    levels = np.tile(np.arange(RAMP, dtype=np.uint8), (RAMP, 1))
    seen = encoder.pixels(Image.fromarray(np.stack([levels, levels.T, np.zeros_like(levels)], axis=2)))
    left, right = _ends(seen[0].mean(axis=0))
    top, bottom = _ends(seen[1].mean(axis=1))
    return left, top, right, bottom


def _ends(levels: NDArray[np.floating]) -> tuple[float, float]:
    """The outer edges of the px with these grey levels [n], in shares of the ramp; px at its ends are not used."""
    at = np.arange(len(levels))
    inner = slice(len(levels) // 8, len(levels) - len(levels) // 8)
    slope, start = np.polyfit(at[inner], levels[inner] + 0.5, 1)
    ends = (start - slope / 2, start + slope * (len(levels) - 0.5))
    low, high = (min(max(float(end) / RAMP, 0.0), 1.0) for end in ends)
    return low, high
