"""One record picture prepared for reading: deskewed, in grey, and with its plot located."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.reading.box import Box
from triptych.reading.deskew import deskew
from triptych.reading.ink import (
    dash_before,
    end_before_last,
    extent,
    gap_before,
    line_pieces,
    ruled_columns,
    widest_gap,
)
from triptych.reading.measures import DetectedPlot, detect_plot
from triptych.reading.ocr import Pixels, background, crop, grey
from triptych.reading.print_map import PrintMap

STROKES = {'"': 2, "″": 2, "%": 3, "±": 2}  # pieces of ink side by side, of characters that have several
TURNS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
REPEAT_GAP = 0.2  # heights of a character between its copies
TABLE_SHARE = 0.3  # of a frame's area that is text in a table; legends and notes in a plot cover less
LEAST_HEIGHT = 4  # px; ink of less height is dirt


@dataclass(frozen=True)
class CropStyle:
    """How a crop is made for the OCR engine.

    Attributes:
        padding: background around the print, in heights of the print.
        stretch: the factor by which the crop is widened.
    """

    padding: float
    stretch: float = 1.0


CROP_STYLES = (CropStyle(0.5), CropStyle(0.3, stretch=1.5), CropStyle(0.8))  # the first, and those for reading again


@dataclass(frozen=True)
class Page:
    """An upright picture [H, W, 3], the same in grey [H, W], its plot, and the quarter turns that it was given."""

    pixels: Pixels
    gray: NDArray[np.uint8]
    plot: DetectedPlot | None
    quarters: int = 0

    @classmethod
    def of(cls, image: Image.Image, quarters: int = 0) -> "Page":
        """The page of the picture `image`, which is first turned counter-clockwise by `quarters` quarter turns."""
        size = image.size
        if quarters:
            image = image.transpose(TURNS[quarters - 1])

        upright = deskew(np.asarray(image.convert("RGB")))
        gray = grey(upright.pixels)
        plot = detect_plot(upright)
        if plot and quarters:
            angle = plot.angle - 90 * quarters
            plot = replace(plot, center_px=_turned_back(plot.center_px, quarters, size), angle=angle)
        return cls(upright.pixels, gray, plot, quarters)

    def without_framed_table(self, boxes: Iterable[Box]) -> "Page":
        """The page without its plot if that is the frame of a table: the text in `boxes` covers much of it."""
        if self.plot is None or self.plot.plot.circle:
            return self
        (x, y), half, half_y = self.plot.plot.center, self.plot.plot.half, self.plot.plot.half_y
        frame = Box(x - half, y - half_y, x + half, y + half_y)
        parts = [frame.overlap(box) for box in boxes if frame.meets(box)]
        covered = sum(part.width * part.height for part in parts)
        return replace(self, plot=None) if covered > TABLE_SHARE * 4 * half * half_y else self

    @cached_property
    def print_map(self) -> PrintMap:
        """Where print is, outside the plot."""
        return PrintMap.of(self.gray, self.plot.plot if self.plot else None)

    def value_crop(self, region: Box, style: CropStyle) -> Pixels:
        """A crop of the print inside `region`, made with `style`; empty where nothing is printed.

        Inside the region the padding is taken from the picture itself, because thin strokes fade into the background.
        """
        import cv2

        ink = extent(self.gray, region)
        if ink is None or ink.height < LEAST_HEIGHT:
            return self.pixels[:0, :0]
        pad = round(style.padding * ink.height)
        wanted = ink.grown(pad, pad)
        real = wanted.overlap(region.inside(self.gray.shape))
        missing = (real.y0 - wanted.y0, wanted.y1 - real.y1, real.x0 - wanted.x0, wanted.x1 - real.x1)
        top, bottom, left, right = (int(side) for side in missing)
        ground = background(crop(self.pixels, region))
        inside = crop(self.pixels, real).copy()
        ruled = ruled_columns(self.gray, real._replace(y0=region.y0, y1=region.y1))
        inside[:, ruled[: inside.shape[1]]] = ground
        framed = cv2.copyMakeBorder(inside, top, bottom, left, right, cv2.BORDER_CONSTANT, value=ground)
        if style.stretch != 1:
            framed = cv2.resize(framed, None, fx=style.stretch, fy=1, interpolation=cv2.INTER_CUBIC)
        return np.asarray(framed, dtype=np.uint8)

    def repeated_crop(self, region: Box, times: int) -> Pixels:
        """A crop with the print inside `region` copied `times` times into one line; empty where nothing is printed."""
        import cv2

        print_alone = self.value_crop(region, CropStyle(0.0))
        if not print_alone.size:
            return print_alone
        ground = background(crop(self.pixels, region))
        height = len(print_alone)
        gap, pad = max(1, round(REPEAT_GAP * height)), round(CROP_STYLES[1].padding * height)
        spaced = cv2.copyMakeBorder(print_alone, pad, pad, gap, 0, cv2.BORDER_CONSTANT, value=ground)
        line = cv2.copyMakeBorder(np.hstack([spaced] * times), 0, 0, pad, pad, cv2.BORDER_CONSTANT, value=ground)
        stretched = cv2.resize(line, None, fx=CROP_STYLES[1].stretch, fy=1, interpolation=cv2.INTER_CUBIC)
        return np.asarray(stretched, dtype=np.uint8)

    def pieces(self, region: Box) -> int:
        """The number of separate pieces of ink, side by side, in `region`."""
        return len(line_pieces(self.gray, region))

    def end_before_last(self, region: Box, characters: int, lower: bool) -> float | None:
        """The x before the last of the `characters` in `region`, if it is apart, or low and `lower`; or None."""
        return end_before_last(self.gray, region, characters, lower)

    def value_start(self, both: Box, text: str) -> float | None:
        """The x at which the value `text` begins in `both`, the box of a name and its value; None if not clear."""
        return gap_before(self.gray, both, len(text.replace(" ", "")))

    def widest_gap(self, line: Box, least: float = 0.0) -> float | None:
        """The x in the middle of the widest gap in the print of `line`; None if there is none of `least` px."""
        return widest_gap(self.gray, line, least)

    def minus_before(self, value: Box, reach: float) -> bool:
        """Whether a minus sign is printed before the number in `value`, at some distance, right of x = `reach`."""
        return dash_before(self.gray, value, reach)

    def holds_more(self, region: Box, text: str) -> bool:
        """Whether OCR missed characters: `text` has fewer of them than `region` has separate pieces of ink."""
        strokes = sum(STROKES.get(character, 1) for character in text if character != " ")
        return self.pieces(region) > strokes


def _turned_back(point: tuple[float, float], quarters: int, size: tuple[int, int]) -> tuple[float, float]:
    """The point of a picture of `size` that is at `point` after `quarters` quarter turns counter-clockwise."""
    (x, y), (width, height) = point, size
    return ((width - y, x), (width - x, height - y), (y, height - x))[quarters - 1]
