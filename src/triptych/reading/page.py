"""One record picture in the forms that reading needs: upright, in grey, and its plot found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.reading.box import Box
from triptych.reading.ink import count_runs, extent, gap_before
from triptych.reading.measures import SeenPlot, see_plot
from triptych.reading.ocr import Pixels, background, crop
from triptych.reading.straighten import straighten

LEAST_HEIGHT = 4  # px; lower ink is dirt


@dataclass(frozen=True)
class Look:
    """How a piece of print is shown to the engine: heights of ground around it, and how much wider than it is."""

    padding: float
    stretch: float = 1.0


@dataclass(frozen=True)
class Page:
    """An upright picture [H, W, 3], the same in grey [H, W], and the plot in it."""

    pixels: Pixels
    gray: NDArray[np.uint8]
    plot: SeenPlot | None

    @classmethod
    def of(cls, image: Image.Image) -> "Page":
        """The page of the picture `image`."""
        import cv2

        upright = straighten(np.asarray(image.convert("RGB")))
        gray = np.asarray(cv2.cvtColor(upright.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        return cls(upright.pixels, gray, see_plot(upright))

    def value_crop(self, region: Box, look: Look) -> Pixels:
        """The print inside `region` as `look` shows it; empty where nothing is printed.

        What surrounds it is the picture's own ground as far as the region goes, for thin strokes fade out into it.
        """
        import cv2

        ink = extent(self.gray, region)
        if ink is None or ink.height < LEAST_HEIGHT:
            return self.pixels[:0, :0]
        pad = round(look.padding * ink.height)
        wanted = ink.grown(pad, pad)
        real = wanted.overlap(region.inside(self.gray.shape))
        missing = (real.y0 - wanted.y0, wanted.y1 - real.y1, real.x0 - wanted.x0, wanted.x1 - real.x1)
        top, bottom, left, right = (int(side) for side in missing)
        ground = background(crop(self.pixels, region))
        inside = crop(self.pixels, real)
        framed = cv2.copyMakeBorder(inside, top, bottom, left, right, cv2.BORDER_CONSTANT, value=ground)
        if look.stretch != 1:
            framed = cv2.resize(framed, None, fx=look.stretch, fy=1, interpolation=cv2.INTER_CUBIC)
        return np.asarray(framed, dtype=np.uint8)

    def value_start(self, both: Box, text: str) -> float | None:
        """Where in the box `both`, of a name and its value in one piece, the value `text` begins; None if not clear."""
        return gap_before(self.gray, both, len(text.replace(" ", "")))

    def holds_more(self, region: Box, text: str) -> bool:
        """Whether `text` has fewer characters than there are separate pieces of ink in `region`: some were missed."""
        return count_runs(self.gray, region) > len(text.replace(" ", ""))
