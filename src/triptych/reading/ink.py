"""Finds ink in a strip of a page: the exact extent of a printed value, and the free space around it.

Ink is whatever differs from the most frequent brightness of the strip, dark on light or light on dark.
"""

from itertools import dropwhile, pairwise

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box

Gray = NDArray[np.uint8]

LEAST_CONTRAST = 24  # grey levels; a blurred decimal point has more, JPEG noise less
LEAST_SHARE = 0.25  # of the strongest contrast in the strip
SIDE_FRINGE, LINE_FRINGE = 8, 3  # px beside and above or below print that hold its soft edges and JPEG ringing
LEAST_PIECE = 4  # px; a decimal point has more, JPEG ringing less
SIDE_CLEARANCE, LINE_CLEARANCE = 4, 1  # px of distance to other ink, beside and above or below
RULE_LENGTH = 0.75  # heights of the strip; strokes of print are shorter along the strip, ruled lines longer
LINE_GAP = 0.15  # least gap between two lines of print, in heights of the strip; the dot of an i is nearer
WIDER = 1.7  # a space between words is so much wider than one between characters
SPACE = 0.35  # heights of print; a space is at least as wide
X_HEIGHT = 0.85  # of a digit; a lower-case s or o is lower
DASH_GAP = 5.0  # heights of print between a minus sign and its number
DASH_WIDTH = (0.2, 1.0)  # least and greatest width of a minus sign, in heights of a digit
LEADER_TOP, LEADER_WIDTH = 0.5, 0.2  # heights of a line above the dots of a leader; greatest width of a dot
DIGIT_SHARE = 0.6  # least height of a digit, as a share of the highest
RULE_SHARE = 0.9  # of the strip's height; strokes of print cover less of it, ruled lines more


def ink_mask(strip: Gray) -> NDArray[np.bool_]:
    """The pixels of `strip` [H, W] that are printed ink; ruled lines along or across it are left out."""
    import cv2

    ink = _marks(strip)
    if not ink.any():
        return ink
    along = np.ones((1, round(RULE_LENGTH * len(ink))), np.uint8)
    ink &= cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_OPEN, along, borderValue=0) == 0
    ink[:, ink.mean(axis=0) > RULE_SHARE] = False
    return ink


def ruled_columns(gray: Gray, region: Box) -> NDArray[np.bool_]:
    """The columns of `region` that are part of a ruled line across it, [w]."""
    x0, y0, x1, y1 = (int(v) for v in region.inside(gray.shape))
    marks = _marks(gray[y0:y1, x0:x1])
    return np.asarray(marks.mean(axis=0) > RULE_SHARE) if marks.size else np.zeros(x1 - x0, dtype=bool)


def extent(gray: Gray, region: Box) -> Box | None:
    """The smallest box around the line of print inside `region`; None if there is no print."""
    x0, y0, x1, y1 = (int(v) for v in region.inside(gray.shape))
    ink = ink_mask(gray[y0:y1, x0:x1])
    if not ink.any():
        return None
    top, bottom = _main_line(ink)
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    return Box(x0 + int(columns[0]), y0 + top, x0 + int(columns[-1]) + 1, y0 + bottom)


def _main_line(ink: NDArray[np.bool_]) -> tuple[int, int]:
    """The rows [top, bottom) of the line with the most ink; a neighbouring line may reach into the strip."""
    rows = np.flatnonzero(ink.any(axis=1))
    lines = np.split(rows, np.flatnonzero(np.diff(rows) > 1 + LINE_GAP * len(ink)) + 1)
    line = max(lines, key=lambda line: int(ink[line].sum()))
    return int(line[0]), int(line[-1]) + 1


def line_pieces(gray: Gray, region: Box) -> list[Box]:
    """The boxes of the separate pieces of ink, side by side, of the line of print in `region`, from left to right.

    There are at most as many as characters. Dots before the first other piece are those of a leader, and are left out.
    """
    x0, y0, x1, y1 = (int(v) for v in region.inside(gray.shape))
    ink = ink_mask(gray[y0:y1, x0:x1])
    top, bottom = _main_line(ink) if ink.any() else (0, 0)
    line = ink[top:bottom]
    heights = line.sum(axis=0)
    inked = np.diff((heights > 0).astype(np.int8), prepend=0, append=0)
    runs = zip(np.flatnonzero(inked == 1).tolist(), np.flatnonzero(inked == -1).tolist(), strict=True)
    kept = dropwhile(lambda run: _is_leader_dot(line[:, run[0] : run[1]]), runs)
    pieces = []
    for start, stop in kept:
        if int(heights[start:stop].sum()) >= LEAST_PIECE:
            rows = np.flatnonzero(line[:, start:stop].any(axis=1))
            pieces.append(Box(x0 + start, y0 + top + int(rows[0]), x0 + stop, y0 + top + int(rows[-1]) + 1))
    return pieces


def _is_leader_dot(piece: NDArray[np.bool_]) -> bool:
    """Whether the ink of `piece` [height of the line, width] is narrow and near the line's foot."""
    height, width = piece.shape
    return width <= LEADER_WIDTH * height and not piece[: round(LEADER_TOP * height)].any()


def widest_gap(gray: Gray, box: Box, least: float = 0.0) -> float | None:
    """The x in the middle of the widest strip without ink in `box`; None if there is none of at least `least` px."""
    gaps = _gaps(gray, box)
    return _widest(gaps[np.diff(gaps, axis=1)[:, 0] >= least])


def gap_before(gray: Gray, box: Box, characters: int) -> float | None:
    """The x at which the last `characters` in `box` begin: the gap with as many on its right, or a much wider one."""
    # Letters may touch: there are at most as many pieces of ink as characters, and rarely fewer than half.
    gaps = _gaps(gray, box)[-characters:][: characters // 2 + 1]
    return _middle(gaps[0]) if len(gaps) and WIDER * np.ptp(gaps[0]) > np.ptp(gaps, axis=1).max() else _widest(gaps)


def end_before_last(gray: Gray, box: Box, characters: int, lower: bool) -> float | None:
    """The x in the middle of the gap before the last piece of ink in `box`, if that gap is as wide as a space; or None.

    A space is wider than the gaps around a decimal point or a 1, also where all digits have one width. Only where each
    of the `characters` is a piece of ink is the gap certain: a faint decimal point leaves a wide one, too.

    Args:
        gray: the page [H, W].
        box: the number and what follows it.
        characters: the number of characters in it.
        lower: whether a last piece that is lower than a digit counts as well.
    """
    pieces = line_pieces(gray, box)
    gaps = [after.x0 - before.x1 for before, after in pairwise(pieces)]
    if len(gaps) < 2 or len(pieces) != characters:
        return None
    height = max(piece.height for piece in pieces)
    apart = gaps[-1] >= max(SPACE * height, WIDER * max(gaps[:-1]))
    return (pieces[-2].x1 + pieces[-1].x0) / 2 if apart or (lower and pieces[-1].height < X_HEIGHT * height) else None


def _gaps(gray: Gray, box: Box) -> NDArray[np.int64]:
    """The last inked column before each strip without ink in `box`, and the first one after it, [n, 2]."""
    x0, y0, x1, y1 = (int(v) for v in box.inside(gray.shape))
    inked = x0 + np.flatnonzero(ink_mask(gray[y0:y1, x0:x1]).any(axis=0))
    gaps = np.stack([inked[:-1], inked[1:]], axis=1)
    return gaps[np.diff(gaps, axis=1)[:, 0] > 1]


def _widest(gaps: NDArray[np.int64]) -> float | None:
    """The middle of the widest of `gaps` [n, 2]; None if there are none."""
    if not len(gaps):
        return None
    return _middle(gaps[np.diff(gaps, axis=1).argmax()])


def _middle(gap: NDArray[np.int64]) -> float:
    return float(gap.sum() + 1) / 2


def dash_before(gray: Gray, value: Box, reach: float) -> bool:
    """Whether a dash at mid-height is the nearest print to the left of the first digit in `value`, right of `reach`."""
    import cv2

    left = max(reach, value.x0 - DASH_GAP * value.height)
    x0, y0, x1, y1 = (int(v) for v in value._replace(x0=left).inside(gray.shape))
    ink = ink_mask(gray[y0:y1, x0:x1])
    if not ink.any():
        return False
    count, _, boxes, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    pieces = sorted(box[:4].tolist() for box in boxes[1:count] if box[4] >= LEAST_PIECE)
    inside = [piece for piece in pieces if x0 + piece[0] >= value.x0 - 1]
    tall = max((height for _, _, _, height in inside), default=0)
    digits = [piece for piece in inside if piece[3] >= DIGIT_SHARE * tall]
    if not digits:
        return False
    first, top, _, height = digits[0]
    before = [piece for piece in pieces if piece[0] + piece[2] <= first + 1]
    if not before:
        return False
    x, y, width, thick = nearest = max(before, key=lambda piece: piece[0] + piece[2])
    if any(piece[0] + piece[2] > x and piece != nearest for piece in before):
        return False  # an equals sign, or a letter in pieces
    middle, (low, high) = (y + thick / 2 - top) / height, DASH_WIDTH
    return bool(x > 0 and low * height <= width <= high * height and thick <= width / 2 and 0.3 < middle < 0.75)


def free_space(gray: Gray, box: Box, limits: Box) -> Box:
    """`box` extended in each direction, inside `limits`, up to the nearest other ink, including ruled lines."""
    x0, y0, x1, y1 = (int(v) for v in box.inside(gray.shape))
    left, top, right, bottom = (int(v) for v in limits.inside(gray.shape))
    across = (_contrast(gray[y0:y1, left:right]) > LEAST_CONTRAST).any(axis=0)
    x0, x1 = (left + x for x in _grow(np.asarray(across), x0 - left, x1 - left, SIDE_FRINGE, SIDE_CLEARANCE))
    down = (_contrast(gray[top:bottom, x0:x1]) > LEAST_CONTRAST).any(axis=1)
    y0, y1 = (top + y for y in _grow(np.asarray(down), y0 - top, y1 - top, LINE_FRINGE, LINE_CLEARANCE))
    return Box(x0, y0, x1, y1)


def _marks(strip: Gray) -> NDArray[np.bool_]:
    """The pixels of `strip` [H, W] that are clearly not background."""
    contrast = _contrast(strip)
    return np.asarray(contrast > max(LEAST_CONTRAST, LEAST_SHARE * int(contrast.max(initial=0))))


def _contrast(strip: Gray) -> NDArray[np.int16]:
    """The difference of each pixel of `strip` from the background, its most frequent brightness."""
    if not strip.size:
        return np.zeros(strip.shape, dtype=np.int16)
    return np.asarray(np.abs(strip.astype(np.int16) - np.int16(np.median(strip))), dtype=np.int16)


def _grow(inked: NDArray[np.bool_], start: int, stop: int, fringe: int, clearance: int) -> tuple[int, int]:
    """The range [start, stop) extended over free positions, up to `clearance` before the next inked one."""
    near, far = max(0, start - fringe), min(len(inked), stop + fringe)
    before, after = np.flatnonzero(inked[:near]), np.flatnonzero(inked[far:])
    low = int(before[-1]) + 1 + clearance if len(before) else 0
    high = far + int(after[0]) - clearance if len(after) else len(inked)
    return min(low, start), max(high, stop)
