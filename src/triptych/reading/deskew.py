"""Deskews sheets that were scanned at a small angle.

Rules, frames and lines of print are long and straight. At the right angle their edges fall into few rows and columns,
which makes the histogram of edge positions most uneven. That angle is searched from coarse to fine, first with few of
the edges. A picture without such lines (a photograph) has no clear best angle and stays as it is. At a larger angle, it
must also have the even ground of a page.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.reading.ocr import Pixels, grey

MAX_ANGLE = 5.5  # degrees; at larger angles a sheet was photographed, not scanned
SMALL_ANGLE = 2.0  # degrees; most scans are not askew by more
LEAST_ANGLE = 0.04  # degrees; moves the far end of a 700 px line by half a pixel
LEAST_GAIN = 1.02  # least factor by which the histograms must become more uneven
LEAST_LARGE_GAIN = 1.1  # the same for an angle that is not small
PAPER_RANGE, PAPER_SHARE = 8, 0.45  # grey levels; least share of a page's pixels that are so near to its paper's
STEPS = (  # degrees on either side of the best angle so far, degrees between angles, and edges that are used
    (MAX_ANGLE, 0.25, 4_000),
    (0.3, 0.1, 20_000),
    (0.08, 0.02, 20_000),
)
EDGE = 60.0  # grey levels across two pixels


@dataclass(frozen=True)
class Upright:
    """A picture rotated upright about its centre, with its size kept.

    Attributes:
        pixels: [H, W, 3], RGB.
        angle: the skew of the original in degrees, counter-clockwise.
    """

    pixels: Pixels
    angle: float

    def to_original(self, point: tuple[float, float]) -> tuple[float, float]:
        """The point of the original picture that corresponds to `point` (x, y) of the upright picture."""
        height, width = self.pixels.shape[:2]
        x, y = point[0] - width / 2, point[1] - height / 2
        cos, sin = float(np.cos(np.radians(self.angle))), float(np.sin(np.radians(self.angle)))
        return width / 2 + cos * x + sin * y, height / 2 - sin * x + cos * y


def deskew(image: Pixels) -> Upright:
    """`image` [H, W, 3] rotated upright; the same array when it is not skewed."""
    import cv2

    angle = estimate_angle(grey(image))
    if abs(angle) < LEAST_ANGLE:
        return Upright(image, 0.0)
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Upright(np.asarray(turned, dtype=np.uint8), angle)


def estimate_angle(gray: NDArray[np.uint8]) -> float:
    """The skew of the page `gray` [H, W] in degrees, counter-clockwise; 0 where it cannot be estimated."""
    level, upright = _edges(gray, 0), _edges(gray, 1)
    if len(level) + len(upright) < 100:
        return 0.0

    angle = 0.0
    for reach, step, most in STEPS:
        rows, columns = level[:most], upright[:most]
        angles = angle + np.arange(-reach, reach + 1e-9, step)
        angle = float(angles[np.argmax([_unevenness(rows, columns, a) for a in angles])])
    gain = _unevenness(level, upright, angle) / max(_unevenness(level, upright, 0.0), 1e-9)
    if abs(angle) <= SMALL_ANGLE:
        return angle if gain >= LEAST_GAIN else 0.0
    return angle if gain >= LEAST_LARGE_GAIN and _is_page(gray) else 0.0


def _is_page(gray: NDArray[np.uint8]) -> bool:
    """Whether much of the picture is of one brightness, as paper is; photographs are not."""
    counts = np.bincount(gray[::4, ::4].ravel(), minlength=256)
    near = np.convolve(counts, np.ones(2 * PAPER_RANGE + 1), "same")
    return bool(near.max() >= PAPER_SHARE * counts.sum())


def _edges(gray: NDArray[np.uint8], axis: int) -> NDArray[np.float32]:
    """Pixels where brightness steps along `axis` (0: down the page), [n, 2]: positions along that axis and across.

    They are in random order, so that the first of them are a sample.
    """
    import cv2

    step = cv2.Sobel(gray, cv2.CV_32F, dx=axis, dy=1 - axis, ksize=1)
    places = np.argwhere(np.abs(step) > EDGE)
    places = places[:: max(1, -(-len(places) // STEPS[-1][2]))]
    places = places[np.random.default_rng(0).permutation(len(places))]
    return (places - np.array(gray.shape) / 2)[:, [axis, 1 - axis]].astype(np.float32)


def _unevenness(level: NDArray[np.float32], upright: NDArray[np.float32], angle: float) -> float:
    """Sum of squares of the histograms of edge positions on a page rotated back by `angle` degrees."""
    slope = float(np.tan(np.radians(angle)))
    total = 0.0
    # A horizontal line now rises to the right (y falls as x grows); a vertical line leans to the left.
    for points, lean in ((level, slope), (upright, -slope)):
        if len(points):
            place = points[:, 0] + np.float32(lean) * points[:, 1]
            counts = np.bincount((place - np.float32(np.floor(place.min()) - 0.5)).astype(np.int32))
            total += float(np.square(counts, dtype=np.float64).sum())
    return total
