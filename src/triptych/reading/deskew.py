"""Deskews sheets that were scanned at a small angle.

Rules, frames and lines of print are long and straight. At the right angle their edges fall into few rows and columns,
which makes the histogram of edge positions most uneven. That angle is searched from coarse to fine. A picture without
such lines (a photograph) has no clear best angle and stays as it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.reading.ocr import Pixels

MAX_ANGLE = 2.0  # degrees; at larger angles a sheet was photographed, not scanned
LEAST_ANGLE = 0.04  # degrees; moves the far end of a 700 px line by half a pixel
LEAST_GAIN = 1.02  # least factor by which the histograms must become more uneven
EDGE = 60.0  # grey levels across two pixels
MAX_EDGE_PIXELS = 20_000


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

    angle = estimate_angle(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
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

    def best(angles: NDArray[np.float64]) -> float:
        return float(angles[np.argmax([_unevenness(level, upright, a) for a in angles])])

    angle = best(np.arange(-MAX_ANGLE, MAX_ANGLE + 1e-9, 0.1))
    angle = best(angle + np.arange(-0.08, 0.081, 0.02))
    gain = _unevenness(level, upright, angle) / max(_unevenness(level, upright, 0.0), 1e-9)
    return angle if gain >= LEAST_GAIN else 0.0


def _edges(gray: NDArray[np.uint8], axis: int) -> NDArray[np.float32]:
    """Pixels where brightness steps along `axis` (0: down the page), [n, 2]: positions along that axis and across."""
    import cv2

    step = cv2.Sobel(gray, cv2.CV_32F, dx=axis, dy=1 - axis, ksize=1)
    places = np.argwhere(np.abs(step) > EDGE)
    places = places[:: max(1, -(-len(places) // MAX_EDGE_PIXELS))]
    return (places - np.array(gray.shape) / 2)[:, [axis, 1 - axis]].astype(np.float32)


def _unevenness(level: NDArray[np.float32], upright: NDArray[np.float32], angle: float) -> float:
    """Sum of squares of the histograms of edge positions on a page rotated back by `angle` degrees."""
    slope = float(np.tan(np.radians(angle)))
    total = 0.0
    # A horizontal line now rises to the right (y falls as x grows); a vertical line leans to the left.
    for points, lean in ((level, slope), (upright, -slope)):
        if len(points):
            place = np.rint(points[:, 0] + lean * points[:, 1]).astype(np.int64)
            counts = np.bincount(place - place.min())
            total += float(np.square(counts, dtype=np.float64).sum())
    return total
