"""Locates the plots in a picture by their target circles, frames or axes.

Frame, cross lines, circles and dots touch one another, so in a map of thin lines they form one large component. A
circle around its centre is a radius at which nearly every direction meets a line. The outermost circle is the unit of
length of all measures (`dots`). In a plot without circles, the unit is half the longer side. Axes need not have four
sides: two lines at a right angle are enough. Lines are dark, or light on a dark ground.

Tables and charts have frames too. Whether a plot is a dot plot is decided by its dots (`dots`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.reading.circles import LINE_DEPTH, outer_circle
from triptych.reading.ocr import Pixels, grey

Gray = NDArray[np.uint8]
_Rectangle = tuple[int, int, int, int]  # x, y, width, height

MIN_SHARE = 0.25  # least side of a plot, as a share of the picture's shorter side
SQUARENESS = 1.35  # longest to shortest side of a plot with circles
MAX_ASPECT = 2.5  # longest to shortest side of axes
MAX_LINE_SHARE = 0.3  # greatest share of the plot's area that is line; a grainy photograph has more
FRAME_SHARE = 0.7  # least share of a side that is line
TICK_SHARE = 0.1  # greatest length of tick marks outside of a single axis, as a share of the side
MAX_PLOTS = 6  # components of lines that are tried; a window of a program has several frames


@dataclass(frozen=True)
class Plot:
    """The position of a dot plot in a picture.

    Attributes:
        center: px, (x, y) of the target's centre.
        radius: px, of the outermost circle, or half the longer side of the frame.
        half: px, from the centre to the left and right edges of the area where dots may lie (the frame).
        half_y: px, from the centre to its upper and lower edges.
        circle: whether it has a target circle.
    """

    center: tuple[float, float]
    radius: float
    half: float
    half_y: float
    circle: bool


def find_plots(image: Pixels) -> Iterator[Plot]:
    """The areas of the upright picture `image` [H, W, 3] that may be dot plots, the likeliest first."""
    gray = grey(image)
    for lines in (_dark_lines, _light_lines):
        yield from _plots(lines(gray))


def _plots(lines: Gray) -> Iterator[Plot]:
    """Plots with circles, the largest first, then axes; of nested axes, the innermost first."""
    axes: list[_Rectangle] = []
    found = False
    for box in _candidates(lines):
        x, y, width, height = _without_ticks(lines, box)
        if (lines[y : y + height, x : x + width] > LINE_DEPTH).mean() > MAX_LINE_SHARE:
            continue
        if target := _target(lines, (x, y, width, height)):
            found = True
            yield target
        elif _has_axes(lines, (x, y, width, height)):
            axes.append((x, y, width, height))
    if axes and not found:  # a target may all but touch the frame of a window
        targets = (_target(lines, box) for box in _candidates(lines, reach=1))
        yield from (target for target in targets if target)
    for x, y, width, height in sorted(axes, key=lambda box: any(_contains(box, other) for other in axes)):
        center = (x + width / 2, y + height / 2)
        yield Plot(center, max(width, height) / 2, width / 2, height / 2, circle=False)


def _target(lines: Gray, box: _Rectangle) -> Plot | None:
    """The plot with a circle in `box`."""
    x, y, width, height = box
    if max(width, height) > SQUARENESS * min(width, height):
        return None
    half = (width + height) / 4
    circle = outer_circle(lines, (x + width / 2, y + height / 2), half)
    if circle is None:
        return None
    half = max(half, circle.radius)
    return Plot(circle.center, circle.radius, half, half, circle=True)


def _dark_lines(gray: Gray) -> Gray:
    """How much darker each pixel is than its surroundings; only dark structures a few pixels wide count."""
    import cv2

    around = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return np.asarray(cv2.subtract(around, gray), dtype=np.uint8)


def _light_lines(gray: Gray) -> Gray:
    """The same for light structures."""
    return _dark_lines(np.asarray(255 - gray, dtype=np.uint8))


def _candidates(lines: Gray, reach: int = 3) -> list[_Rectangle]:
    """Boxes (x, y, width, height) of components of lines that are not too small or long, the largest first.

    Args:
        lines: the depth of lines [H, W].
        reach: px, 3 or 1; lines that are nearer to one another belong together.
    """
    import cv2

    thin = (lines > LINE_DEPTH).astype(np.uint8)
    mask = np.asarray(cv2.dilate(thin, np.ones((reach, reach), np.uint8)), dtype=np.uint8)
    step = (reach + 1) // 2  # dilated lines are 3 px wide, so every other pixel is enough
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask[::step, ::step]), connectivity=8)
    least = MIN_SHARE * min(lines.shape)
    boxes = (step * stats[1:][step * stats[1:, 2:4].min(axis=1) >= least, :4]).tolist()
    fits = [_tight(mask, x, y, w, h) for x, y, w, h in boxes if max(w, h) <= MAX_ASPECT * min(w, h)]
    return sorted(fits, key=lambda box: box[2] * box[3], reverse=True)[:MAX_PLOTS]


def _tight(mask: Gray, x: int, y: int, width: int, height: int) -> _Rectangle:
    """The box around the lines in `mask` that lie in a box known to 2 px."""
    x, y = max(0, x - 1), max(0, y - 1)
    inside = mask[y : y + height + 2, x : x + width + 2]
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    left, top = int(columns[0]), int(rows[0])
    return x + left, y + top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top


def _without_ticks(lines: Gray, box: _Rectangle) -> _Rectangle:
    """`box` shrunk to the frame, its outermost long lines, where tick marks or numbers touch it from outside."""
    x, y, width, height = box
    line = lines[y : y + height, x : x + width] > LINE_DEPTH
    columns, rows = (np.flatnonzero(line.mean(axis=axis) >= FRAME_SHARE) for axis in (0, 1))
    (left, right), (top, bottom) = _frame_side(columns, width), _frame_side(rows, height)
    return x + left, y + top, right - left, bottom - top


def _frame_side(places: NDArray[np.intp], length: int) -> tuple[int, int]:
    """Where a side of `length` px begins and ends, given the places of the long lines across it."""
    if not len(places):
        return 0, length
    first, last = int(places[0]), int(places[-1]) + 1
    if last - first > 0.8 * length:
        return first, last
    # A single axis, with its tick marks outside.
    near = TICK_SHARE * length
    return (first if first <= near else 0), (last if last >= length - near else length)


def _has_axes(lines: Gray, box: _Rectangle) -> bool:
    """Whether a horizontal and a vertical line run along most of the box."""
    x, y, width, height = box
    line = lines[y : y + height, x : x + width] > LINE_DEPTH
    return all(line.mean(axis=axis).max() >= FRAME_SHARE for axis in (0, 1))


def _contains(outer: _Rectangle, inner: _Rectangle) -> bool:
    """Whether `inner` is another rectangle and lies in `outer`."""
    (x0, y0, w0, h0), (x1, y1, w1, h1) = outer, inner
    return outer != inner and x0 <= x1 and y0 <= y1 and x0 + w0 >= x1 + w1 and y0 + h0 >= y1 + h1
