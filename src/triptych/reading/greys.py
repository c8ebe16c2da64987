"""The share of each pixel that is covered by dots without a colour: grey, black or white.

Lines and print have no colour either. Solid dots remain where thin strokes are removed. Hollow dots, plus signs and
crosses consist of strokes themselves; they remain where long lines are removed.
"""

import numpy as np
from numpy.typing import NDArray

from triptych.reading.colours import MIN_CHROMA, Difference
from triptych.reading.marks import Map

Depth = NDArray[np.uint8]

MIN_CONTRAST = 40  # grey levels between dots and ground
LEAST_COVER = 0.3  # less coverage of a pixel is a lighter line or the soft edge of a coloured dot
LEAST_PIXELS = 20
SIDE = 6  # px
STRONG = 0.5  # least contrast of solid dots, as a share of the strongest in the plot
OUTLINED = 0.6  # least share of the pixels around coloured dots that are grey, if they have outlines


def grey_depths(difference: Difference, chromas: NDArray[np.int16]) -> list[Depth]:
    """How much darker, and how much lighter, pixels without a colour are than the ground; what is empty is left out."""
    import cv2

    grey = (difference[0] + difference[1] + difference[2]) // 3
    grey[chromas >= MIN_CHROMA] = 0
    depths = []
    for sign in (-1, 1):
        _, depth = cv2.threshold(np.int16(sign) * grey, MIN_CONTRAST - 1, 0, cv2.THRESH_TOZERO)
        if cv2.countNonZero(depth) >= LEAST_PIXELS:
            depths.append(depth.astype(np.uint8))
    return depths


def solid_ink(depth: Depth, least: float = LEAST_PIXELS) -> Map | None:
    """The coverage [H, W] by ink of the most frequent grey of solid marks; None if less than `least` px are solid."""
    import cv2

    thick = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    # Of thin lines, only soft edges are left. Where circles and the frame meet at the sides, lines are thick.
    inside = np.asarray(thick[SIDE:-SIDE, SIDE:-SIDE])
    if cv2.countNonZero(inside) < least:
        return None
    strong = inside[inside >= STRONG * np.percentile(depth[depth > 0], 95)]
    return _share(depth, float(np.median(strong))) if len(strong) >= least else None


def stroke_ink(depth: Depth) -> Map:
    """The coverage [H, W] by ink of any thickness."""
    return _share(depth, float(np.percentile(depth[depth > 0], 75)))


def _share(depth: Depth, full: float) -> Map:
    cover: Map = np.minimum(depth.astype(np.float32) / np.float32(full), 1)
    cover[cover < LEAST_COVER] = 0
    return cover


def outlines(depth: Depth, coloured: Map) -> Map | None:
    """The coverage [H, W] by the grey outlines of `coloured` dots; None if they have none."""
    import cv2

    dots = (coloured > 0).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(dots)
    window = slice(max(0, y - 2), y + height + 2), slice(max(0, x - 2), x + width + 2)
    dots, depth = np.asarray(dots[window]), depth[window]
    around = cv2.dilate(dots, np.ones((3, 3), np.uint8)) - dots
    beside = depth[around > 0]
    if not len(beside) or np.count_nonzero(beside) < OUTLINED * len(beside):
        return None
    near = cv2.dilate(dots, np.ones((5, 5), np.uint8))
    cover = np.zeros_like(coloured)
    cover[window] = np.where(near > 0, _share(depth, float(np.percentile(beside, 75))), 0)
    return cover
