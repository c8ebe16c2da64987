"""Locates the plot in a picture by its target circles or its frame.

Frame, cross lines, circles and dots touch one another, so in a map of thin dark lines they form one large, roughly
square component. A circle around its centre is a radius at which nearly every direction meets a line. The outermost
circle is the unit of length of all measures (`dots`). In a plot without circles, half the frame is the unit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.reading.ocr import Pixels

Gray = NDArray[np.uint8]
_Rectangle = tuple[int, int, int, int]  # x, y, width, height

MIN_SHARE = 0.25  # least side of a plot, as a share of the picture's shorter side
SQUARENESS = 1.35  # longest to shortest side
MAX_LINE_SHARE = 0.3  # greatest share of the plot's area that is line; a grainy photograph has more
LINE_DEPTH = 10  # grey levels that a line is darker than its surroundings
CIRCLE_SHARE = 0.6  # least share of all directions that meet a line at a circle's radius
FRAME_SHARE = 0.7  # least share of each side of a frame that is line
DIRECTIONS = 360
ROUND_SHARE = 0.55  # least share of all directions whose line is within 1 px of the circle; low in photographs


@dataclass(frozen=True)
class Plot:
    """The position of a dot plot in a picture.

    Attributes:
        center: px, (x, y) of the target's centre.
        radius: px, of the outermost circle, or half the side of the frame.
        half: px, from the centre to the edge of the area where dots may lie (the frame).
    """

    center: tuple[float, float]
    radius: float
    half: float


def find_plot(image: Pixels) -> Plot | None:
    """The largest target in the upright picture `image` [H, W, 3], or None."""
    import cv2

    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    lines = _thin_lines(gray)
    for box in _candidates(lines, min(gray.shape)):
        x, y, width, height = _without_ticks(lines, box)
        if (lines[y : y + height, x : x + width] > LINE_DEPTH).mean() > MAX_LINE_SHARE:
            continue
        center, half = (x + width / 2, y + height / 2), (width + height) / 4
        circle = _outer_circle(lines, center, half)
        if circle:
            return Plot(circle.center, circle.radius, max(half, circle.radius))
        if _is_frame(lines, x, y, width, height):
            return Plot(center, half, half)
    return None


def _thin_lines(gray: Gray) -> Gray:
    """How much darker each pixel is than its surroundings; only dark structures a few pixels wide count."""
    import cv2

    around = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.subtract(around, gray), dtype=np.uint8)


def _candidates(lines: Gray, shorter: int) -> list[_Rectangle]:
    """Boxes (x, y, width, height) of roughly square components of lines, the largest first."""
    import cv2

    mask = cv2.dilate((lines > LINE_DEPTH).astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:]]
    fits = [b for b in boxes if min(b[2:]) >= MIN_SHARE * shorter and max(b[2:]) <= SQUARENESS * min(b[2:])]
    return sorted(fits, key=lambda box: box[2] * box[3], reverse=True)[:3]


def _without_ticks(lines: Gray, box: _Rectangle) -> _Rectangle:
    """`box` shrunk to the frame, its outermost long lines, where tick marks or numbers touch it from outside."""
    x, y, width, height = box
    line = lines[y : y + height, x : x + width] > LINE_DEPTH
    columns, rows = (np.flatnonzero(line.mean(axis=axis) >= FRAME_SHARE) for axis in (0, 1))
    if len(columns) and np.ptp(columns) >= 0.8 * width:
        x, width = x + int(columns[0]), int(np.ptp(columns)) + 1
    if len(rows) and np.ptp(rows) >= 0.8 * height:
        y, height = y + int(rows[0]), int(np.ptp(rows)) + 1
    return x, y, width, height


@dataclass(frozen=True)
class _Circle:
    center: tuple[float, float]
    radius: float


def _outer_circle(lines: Gray, center: tuple[float, float], half: float) -> _Circle | None:
    """The outermost circle around approximately `center`, refined to a fraction of a pixel."""
    import cv2

    reach = int(half * 1.05)
    size = (reach, DIRECTIONS)
    polar = cv2.warpPolar(lines, size, center, reach, cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS).astype(np.float32)
    # If the centre is off by a few pixels, so is the line: search within 3 px.
    met = cv2.dilate(polar, np.ones((1, 7), np.uint8)) > LINE_DEPTH
    share = met.mean(axis=0)
    radii = np.flatnonzero(share[: reach - 3] >= CIRCLE_SHARE)
    radii = radii[radii > 0.3 * half]
    if not len(radii):
        return None
    run_start = int(radii[-1])
    while run_start - 1 in radii:
        run_start -= 1
    low, high = max(0, run_start - 2), min(reach, int(radii[-1]) + 3)
    return _fit_circle(polar[:, low:high], low, center)


def _fit_circle(band: NDArray[np.float32], low: int, center: tuple[float, float]) -> _Circle | None:
    """Least squares of r(t) = R + dx cos t + dy sin t over the darkest radius in each direction of `band`."""
    angles = np.arange(len(band)) * 2 * np.pi / len(band)
    depth = band.max(axis=1)
    weights = np.where(band > 0.5 * depth[:, None], band, 0)
    radius = (weights * np.arange(band.shape[1])).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-6) + low
    keep = depth > LINE_DEPTH
    design = np.stack([np.ones_like(angles), np.cos(angles), np.sin(angles)], axis=1)
    for _ in range(4):
        if keep.sum() < DIRECTIONS // 4:
            return None
        (fitted, dx, dy), *_ = np.linalg.lstsq(design[keep], radius[keep], rcond=None)
        misfit = np.abs(radius - design @ np.array([fitted, dx, dy]))
        keep = (depth > LINE_DEPTH) & (misfit < max(0.5, 2.0 * float(np.median(misfit[keep]))))
    if ((depth > LINE_DEPTH) & (misfit < 1)).mean() < ROUND_SHARE:
        return None
    return _Circle((float(center[0] + dx), float(center[1] + dy)), float(fitted))


def _is_frame(lines: Gray, x: int, y: int, width: int, height: int) -> bool:
    """Whether lines run along all four sides of the box."""
    line = lines > LINE_DEPTH
    sides = (
        line[y : y + 4, x : x + width].any(axis=0),
        line[y + height - 4 : y + height, x : x + width].any(axis=0),
        line[y : y + height, x : x + 4].any(axis=1),
        line[y : y + height, x + width - 4 : x + width].any(axis=1),
    )
    return all(side.mean() >= FRAME_SHARE for side in sides)
