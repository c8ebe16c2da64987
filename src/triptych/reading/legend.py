"""Finds the markers of a legend, which look like dots: an isolated dot with a line of print on its right."""

import numpy as np
from numpy.typing import NDArray

TEXT = (1.0, 8.0)  # from a marker's centre to the left and right end of where its text is, in diameters
CLEAR = 3.0  # diameters on the left of a marker that are empty
HEIGHT = 0.8  # of the text, above and below the marker's centre, in diameters
STROKES = 3  # least number of strokes that a row of pixels through text crosses
TEXT_ROWS = 0.5  # least share of such rows in the place of the text
CLEAR_SHARE = 0.1  # greatest share of ink on the left, where the legend's frame may be
MAX_MARKERS = 2  # a legend has one marker for each kind of dots; more such dots are not markers


def legend_markers(
    places: NDArray[np.float64], diameter: float, ink: NDArray[np.bool_], dots: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Which dots are markers of a legend.

    Args:
        places: of separate dots (x, y) [n, 2].
        diameter: px, of a dot.
        ink: print beside the dots, [H, W].
        dots: the dots, [H, W]; none is in the text of a legend.
    """
    found = []
    for index, (x, y) in enumerate(places.tolist()):
        rows = slice(max(0, round(y - HEIGHT * diameter)), max(0, round(y + HEIGHT * diameter)))
        right = rows, slice(max(0, round(x + TEXT[0] * diameter)), max(0, round(x + TEXT[1] * diameter)))
        left = ink[rows, max(0, round(x - CLEAR * diameter)) : max(0, round(x - TEXT[0] * diameter))]
        empty = not dots[right].any() and left.sum() <= CLEAR_SHARE * left.size
        if empty and ink[right].any() and _is_text(ink[right]):
            found.append(index)
    return np.array(found if len(found) <= MAX_MARKERS else [], dtype=np.intp)


def _is_text(ink: NDArray[np.bool_]) -> bool:
    strokes = ink[:, 0] + np.count_nonzero(ink[:, 1:] & ~ink[:, :-1], axis=1)
    return bool((strokes >= STROKES).mean() >= TEXT_ROWS)
