"""Where the records of one layout have print, so that print in a new place is noticed.

Values of a known layout are read at their positions. A row that no earlier record had would be lost without notice. So
a layout stores a coarse map of all print of its records, and a record with a piece of print far from it is searched.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box
from triptych.reading.plot import Plot

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

CELL = 4  # px along each side of a cell of the map
STROKE = 9  # px; strokes of print are thinner
CONTRAST = 48  # grey levels of a stroke against its surroundings
LEAST_SHARE = 0.15  # of a cell that is stroke
NEAR = 4  # cells by which print may have moved
GAP = 3  # cells between the characters of one piece of print
LEAST_WIDTH = 8  # cells; a narrower piece is no name with a value
HEIGHTS = (2, 14)  # cells; lower pieces are dirt, higher ones are not one line of print
AROUND_PLOT = 1.05  # half sides of the plot; dots may lie beyond its frame


@dataclass(frozen=True)
class PrintMap:
    """The cells that have print.

    Attributes:
        cells: [H / CELL, W / CELL].
    """

    cells: Mask

    @classmethod
    def of(cls, gray: Gray, plot: Plot | None) -> "PrintMap":
        """The print on the page `gray` [H, W], without what is inside `plot`."""
        import cv2

        kernel = np.ones((STROKE, STROKE), np.uint8)
        dark = cv2.subtract(cv2.morphologyEx(gray, cv2.MORPH_CLOSE, kernel), gray)
        light = cv2.subtract(gray, cv2.morphologyEx(gray, cv2.MORPH_OPEN, kernel))
        strokes = (cv2.max(dark, light) > CONTRAST).astype(np.float32)
        if plot:
            around = Box(*plot.center, *plot.center).grown(AROUND_PLOT * plot.half, AROUND_PLOT * plot.half_y)
            box = around.inside(gray.shape)
            strokes[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 0
        size = (max(1, gray.shape[1] // CELL), max(1, gray.shape[0] // CELL))
        return cls(np.asarray(cv2.resize(strokes, size, interpolation=cv2.INTER_AREA) > LEAST_SHARE))

    def has_new(self, later: "PrintMap", regions: Iterable[Box]) -> bool:
        """Whether `later` has a piece of print that is far from this print and outside `regions` (px)."""
        import cv2

        known = cv2.dilate(self.cells.astype(np.uint8), np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8))
        for region in regions:
            x0, y0, x1, y1 = (int(v / CELL) for v in region)
            known[max(0, y0 - 1) : y1 + 2, max(0, x0 - 1) : x1 + 2] = 1
        new = later.cells & (known == 0)
        joined = cv2.morphologyEx(new.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 2 * GAP + 1), np.uint8))
        _, _, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        low, high = HEIGHTS
        return any(width >= LEAST_WIDTH and low <= height <= high for _, _, width, height, _ in boxes[1:].tolist())

    def joined(self, other: "PrintMap") -> "PrintMap":
        """The print of both."""
        return PrintMap(self.cells | other.cells)

    def to_json(self) -> dict[str, Any]:
        """The map as plain data for a JSON file; `from_json` reads it."""
        packed = np.packbits(self.cells).tobytes()
        return {"shape": list(self.cells.shape), "cells": base64.b64encode(packed).decode()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PrintMap":
        """The map that `to_json` wrote.

        Raises:
            KeyError, ValueError, TypeError: `data` is something else.
        """
        height, width = data["shape"]
        bits = np.unpackbits(np.frombuffer(base64.b64decode(data["cells"]), np.uint8), count=height * width)
        return cls(bits.reshape(height, width).astype(bool))
