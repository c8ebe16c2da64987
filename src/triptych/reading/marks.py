"""Distinguishes dots from lines, print and other marks of the same colour.

Lines are thin and long, dots are short. A component of ink that is long and sparse is a line, possibly with dots on it:
the parts of it that are not thin are the dots. Dots are of one size, so most separate spots have the same area and are
as high as wide.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]

LONG = 0.3  # least length of a line, as a share of the plot's side
STRAIGHT = 5  # px; a long component that is no wider is a line, too
SPARSE = 0.3  # greatest share of its box that a line covers
MIN_DOT_AREA = 3.0  # px; smaller spots are noise
AREA_RANGE = (0.6, 1.6)  # of a separate dot, in areas of one dot
MAX_ELONGATION = 1.2  # of the box of a separate dot, give or take 1 px; digits are higher than wide
LEAST_TYPICAL = 6  # separate dots from which the side of a dot is known
LEAST_PIECE = 4  # px; a piece of a line that is left has a smaller side
STROKED = 0.3  # greatest share of single marks that is thick, if they consist of strokes
LEAST_CORE = 0.4  # least coverage of every pixel in the core of a dot
THICKNESS = 0.65  # least thickness of a dot's parts, in its diameters
ROUND = 1.5  # greatest ratio of a single dot's length to its width, by their second moments
LONG_SPOT = (0.9, 1.6)  # greatest ratio of any spot's length to its width, and more for each dot in its area
MAX_EXTENT = 3.0  # of the box of a separate dot, in roots of its area; a plus sign has 2


@dataclass(frozen=True)
class Spots:
    """The separate components of a layer's coverage.

    Attributes:
        cover: the coverage, [H, W].
        window: the rows and columns with all components.
        labels: the component of each pixel in the window; 0 is the ground.
        areas: px, [n].
        boxes: x, y, width and height of each, [n, 4].
        elongation: the ratio of length to width of each, [n].
        dot: px, the area of one dot; 0 if there is none.
    """

    cover: Map
    window: tuple[slice, slice]
    labels: NDArray[np.int32]
    areas: NDArray[np.float64]
    boxes: NDArray[np.int32]
    elongation: NDArray[np.float64]
    dot: float

    def pixels(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The pixels of the components `chosen` [n], [H, W]."""
        mask = np.zeros(self.cover.shape, dtype=bool)
        mask[self.window] = np.append(False, chosen)[self.labels]
        return mask

    def shown(self, cover: Map) -> NDArray[np.bool_]:
        """Which components have pixels in `cover` [H, W], [n]."""
        present = np.zeros(len(self.areas) + 1, dtype=bool)
        present[self.labels[cover[self.window] > 0]] = True
        return present[1:]

    @property
    def separate(self) -> NDArray[np.bool_]:
        """Which components are single dots, [n]."""
        sides = self.boxes[:, 2:4]
        low, high = AREA_RANGE
        return np.asarray(
            (self.areas >= low * self.dot)
            & (self.areas <= high * self.dot)
            & (self.elongation <= ROUND)
            & (sides.max(axis=1) <= MAX_ELONGATION * sides.min(axis=1) + 1)
            & (sides.max(axis=1) <= MAX_EXTENT * np.sqrt(self.dot) + 1)
        )

    @property
    def places(self) -> NDArray[np.float64]:
        """The centres (x, y) of the single dots, [n, 2]."""
        boxes = self.boxes[self.separate].astype(np.float64)
        return boxes[:, :2] + boxes[:, 2:] / 2

    @property
    def too_long(self) -> NDArray[np.bool_]:
        """Which components are too long to be dots, given their area, such as the dashes of a line, [n]."""
        if self.separate.sum() < LEAST_TYPICAL:
            return np.zeros(len(self.areas), dtype=bool)
        base, more = LONG_SPOT
        return self.elongation > base + more * np.maximum(self.areas / self.dot, 1)


def find_spots(cover: Map) -> Spots:
    """The components of `cover` [H, W], and the area of one dot."""
    import cv2

    mask = (cover > 0).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(mask)
    window = slice(y, y + height), slice(x, x + width)
    if not width:
        none = np.zeros((0, 4), dtype=np.int32)
        return Spots(cover, window, np.zeros((0, 0), dtype=np.int32), np.zeros(0), none, np.zeros(0), 0.0)
    count, found, stats, _ = cv2.connectedComponentsWithStats(mask[window], connectivity=8)
    labels = np.asarray(found, dtype=np.int32)
    boxes = np.asarray(stats[1:, :4], dtype=np.int32) + np.array([x, y, 0, 0], dtype=np.int32)
    areas, elongation = _shapes(labels, cover[window], count)
    likely = areas >= MIN_DOT_AREA
    if (likely & (elongation <= ROUND)).sum() >= LEAST_TYPICAL:
        likely &= elongation <= ROUND
    return Spots(cover, window, labels, areas, boxes, elongation, _mode(np.sort(areas[likely])))


def _shapes(labels: NDArray[np.int32], cover: Map, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The areas of components and the ratios of their length to their width, [n] each."""
    rows, columns = np.nonzero(labels)
    label, weight = labels[rows, columns], cover[rows, columns].astype(np.float64)

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(label, weights=values, minlength=count)[1:], dtype=np.float64)

    areas = total(weight)
    x, y = total(weight * columns) / areas, total(weight * rows) / areas
    u, v = columns - x[label - 1], rows - y[label - 1]
    # A pixel is a square, whose variance is 1/12.
    xx, yy = total(weight * u * u) / areas + 1 / 12, total(weight * v * v) / areas + 1 / 12
    xy = total(weight * u * v) / areas
    mean, spread = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    return areas, np.sqrt((mean + spread) / np.maximum(mean - spread, 1 / 12))


def _mode(areas: NDArray[np.float64]) -> float:
    """The most frequent of sorted areas, or 0; merged dots are larger.

    As in the half-sample mode: of all runs of an eighth of the areas, take the one with the smallest ratio.
    """
    if not len(areas):
        return 0.0
    run = min(max(3, len(areas) // 8), len(areas) - 1)
    spread = areas[run:] / areas[: len(areas) - run]
    start = int(np.argmin(spread))
    return float(np.median(areas[start : start + run + 1]))


def without_long_lines(spots: Spots) -> Spots:
    """`spots` without long lines; dots on them remain."""
    import cv2

    width, height = spots.boxes[:, 2], spots.boxes[:, 3]
    long = np.maximum(width, height) >= LONG * min(spots.cover.shape)
    line = long & ((spots.areas <= SPARSE * width * height) | (np.minimum(width, height) <= STRAIGHT))
    if not line.any():
        return spots
    lines = spots.pixels(line)
    alone = spots.pixels(spots.separate)
    if (
        spots.separate.sum() >= LEAST_TYPICAL
        and opened(spots.cover, 3)[alone].sum() < STROKED * spots.cover[alone].sum()
    ):
        return find_spots(_without_straight_lines(spots.cover))
    thick = np.where(lines, thick_part(spots.cover), np.float32(0))
    _, pieces, stats, _ = cv2.connectedComponentsWithStats((thick > 0).astype(np.uint8), connectivity=8)
    thick[(stats[:, 2:4].min(axis=1) < LEAST_PIECE)[pieces]] = 0
    return find_spots(np.where(lines, thick, spots.cover))


def _without_straight_lines(cover: Map) -> Map:
    """`cover` [H, W] without long horizontal and vertical lines, for marks that are as thin as lines."""
    import cv2

    length = round(LONG * min(cover.shape))
    mask = (cover > 0).astype(np.uint8)
    across = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.where(cv2.max(across, down) > 0, np.float32(0), cover)


def thick_part(cover: Map) -> Map:
    """The parts of `cover` [H, W] that are not thin: its opening by 3 px, with the soft edges around it.

    Then the size of the dots is known, and parts that are clearly thinner than a dot are removed too.
    """
    part = opened(cover, 3)
    diameter = 2 * np.sqrt(find_spots(part).dot / np.pi)
    size = round(THICKNESS * diameter)
    return opened(part, size) if size > 3 else part


def opened(cover: Map, size: int) -> Map:
    """`cover` [H, W] where it is at least `size` px thick, with the soft edges around these places."""
    import cv2

    shape = cv2.MORPH_RECT if size == 3 else cv2.MORPH_ELLIPSE  # where two lines cross, a cross of 3 px fits
    core = cv2.morphologyEx(cover, cv2.MORPH_OPEN, cv2.getStructuringElement(shape, (size, size)))
    core[core < LEAST_CORE] = 0
    reach = np.ones((2 * (size // 2) + 1,) * 2, np.uint8)
    return np.asarray(np.minimum(cover, cv2.dilate(core, reach)), dtype=np.float32)
