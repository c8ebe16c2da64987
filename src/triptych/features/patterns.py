"""The spatial pattern of dots over a plot: rings, spots at the edge, scratches, and the evenness of the rest.

`outline` compares a single cloud with a normal distribution. This module measures maps without a single cloud. Nearly
all features are invariant when the plot is turned. Densities are relative to dots spread evenly over the target, so
that features are comparable between plots with few and many dots.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.features.maps import Floats, columns, grouped_sums

Map = NDArray[np.float32]

SIDE = 32  # cells along each side of the map
RINGS, DIRECTIONS, WAVES = 8, 24, 5  # rings and angles of the polar map; Fourier amplitudes kept of each ring
FINE, COARSE = 1.0, 2.0  # cells, sigmas of two Gaussian blurs
FINE_LEVELS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)  # of the target's cells, densest first
COARSE_LEVELS = (0.0, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
LINES, LINE_LENGTHS, LINE_WIDTH = 12, (11, 7), 0.8  # directions; cells; cells (sigma)
SPOTS = (1.5, 3.0)  # times the even density: cells above it belong to a spot
STEPS = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2))  # cells, offsets of the autocorrelation


def pattern_features(density: Map) -> dict[str, NDArray[Any]]:
    """Named features [n] of n density maps [n, SIDE, SIDE].

    A map holds the share of dots in each cell of the square around the target.
    """
    import cv2

    grid = _grid()
    even = density * np.float32(len(grid.inside))
    stacked = np.ascontiguousarray(even.transpose(1, 2, 0))
    fine, coarse = (_unstacked(cv2.GaussianBlur(stacked, (0, 0), sigma)) for sigma in (FINE, COARSE))
    cells = density.reshape(len(density), -1)
    series = {
        "wave": _waves(fine),
        "fine": _levels(fine, FINE_LEVELS),
        "coarse": _levels(coarse, COARSE_LEVELS),
        "peak": grid.radius[coarse.argmax(axis=1)][:, None],
        "line": np.concatenate([_lines(stacked, length) for length in LINE_LENGTHS], axis=1),
        "spot": np.concatenate([_spots(coarse, cells, bound) for bound in SPOTS], axis=1),
        "likeness": _likeness(even),
        "spread": _spread(even, cells),
        "ring": _ring_shares(cells),
    }
    return columns(series)


class _Grid:
    """Constants of all maps, which have SIDE * SIDE cells, and lengths in radii.

    Attributes:
        powers: powers of the position of each cell (x to the right, y upwards): 1, x, y, x^2, xy, y^2, [cells, 6].
        radius, ring: of each cell, [cells].
        inside: the cells of the target.
        polar: column and row of the points of the polar map, [2, distances, directions].
        lines: kernels by length.
    """

    def __init__(self) -> None:
        rows, across = np.mgrid[0:SIDE, 0:SIDE]
        x, y = ((across + 0.5) / SIDE * 2 - 1).ravel(), (1 - (rows + 0.5) / SIDE * 2).ravel()
        self.powers = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
        self.radius = np.hypot(x, y)
        self.inside = np.flatnonzero(self.radius <= 1)
        self.ring = np.clip(np.digitize(self.radius, np.linspace(0, 1.05, RINGS + 1)) - 1, 0, RINGS)
        distance, angle = (np.arange(2 * RINGS) + 0.5) / (2 * RINGS), np.arange(DIRECTIONS) / DIRECTIONS * 2 * np.pi
        at = distance[:, None] * np.stack([np.cos(angle), -np.sin(angle)])[:, None]  # [2, distances, directions]
        self.polar = ((at + 1) / 2 * SIDE - 0.5).astype(np.float32)
        self.lines = {length: _line_kernels(length) for length in LINE_LENGTHS}


@cache
def _grid() -> _Grid:
    return _Grid()


def _line_kernels(length: int) -> list[Map]:
    """Kernels that average over short lines, one for each direction."""
    down, across = np.mgrid[-(length // 2) : length // 2 + 1, -(length // 2) : length // 2 + 1]
    kernels = []
    for angle in np.arange(LINES) / LINES * np.pi:
        beside, along = across * np.sin(angle) + down * np.cos(angle), across * np.cos(angle) - down * np.sin(angle)
        weights = np.exp(-(beside**2) / (2 * LINE_WIDTH**2)) * (np.abs(along) <= length // 2)
        kernels.append((weights / weights.sum()).astype(np.float32))
    return kernels


def _unstacked(stacked: NDArray[Any]) -> Map:
    """Maps that are the channels of one picture [SIDE, SIDE, n], as cells [n, SIDE * SIDE]."""
    return np.ascontiguousarray(stacked.reshape(SIDE * SIDE, -1).T)


def _waves(fine: Map) -> Map:
    """Log Fourier amplitudes of each ring for 0, 1, 2, ... periods per turn; they do not depend on direction."""
    import cv2

    across, down = _grid().polar
    # not as channels of one picture: OpenCV rounds the weights of points in pictures of several channels
    polar = [cv2.remap(one, across, down, cv2.INTER_LINEAR) for one in fine.reshape(-1, SIDE, SIDE)]
    amplitudes = np.abs(np.fft.rfft(np.stack(polar))) / DIRECTIONS
    rings = (amplitudes[:, ::2, :WAVES] + amplitudes[:, 1::2, :WAVES]) / 2
    return np.log1p(rings).reshape(len(rings), -1)


def _levels(blurred: Map, levels: tuple[float, ...]) -> Map:
    """The log density of the target's cells at `levels`, fractions of the cells in descending order of density."""
    rising = np.sort(blurred.take(_grid().inside, axis=1), axis=1)
    ranks = (np.array(levels) * rising.shape[1]).astype(int)
    return np.log1p(rising[:, -1 - ranks])


def _lines(stacked: Map, length: int) -> Floats:
    """Logs of the line excess at ranks 0, 20 and 60, of the best line and its surroundings; the radius of that line."""
    import cv2

    total, best = np.zeros_like(stacked), np.zeros_like(stacked)  # no mean of shares is below 0
    for kernel in _grid().lines[length]:
        means = cv2.filter2D(stacked, -1, kernel, borderType=cv2.BORDER_CONSTANT).reshape(stacked.shape)
        total += means
        np.maximum(best, means, out=best)
    around = total / np.float32(LINES)
    excess = _unstacked(best - around)
    place = excess.argmax(axis=1)
    ranked = np.sort(excess, axis=1)[:, [-1, -21, -61]]
    there = [_unstacked(values)[np.arange(len(place)), place] for values in (best, around)]
    return np.column_stack([np.log1p(np.column_stack([ranked, *there])), _grid().radius[place]])


def _spots(coarse: Map, density: Map, bound: float) -> Floats:
    """The spot above `bound` times the even density with most dots: share, size, form, place; log number of spots."""
    import cv2

    above = (coarse > bound).astype(np.uint8).reshape(-1, SIDE, SIDE)
    found = [cv2.connectedComponents(one, connectivity=8) for one in above]
    counts = np.array([count for count, _ in found])
    spots = np.stack([labels.ravel() for _, labels in found])
    shares = grouped_sums(np.arange(len(spots))[:, None], spots, density, (len(spots), counts.max()))[:, 1:]
    features = np.zeros((len(spots), 8))
    if len(rows := np.flatnonzero(counts > 1)):
        spot = spots[rows] == 1 + shares[rows].argmax(axis=1)[:, None]
        features[rows] = np.column_stack([shares[rows].max(axis=1), _form(spot), np.log(counts[rows])])
    return features


def _form(spot: NDArray[np.bool_]) -> Floats:
    """Size; log variance along the major axis and log ratio of both axes; radii of mean, nearest and farthest cell."""
    grid, ellipse = _grid(), _Ellipse(spot)
    size = spot.sum(axis=1) / len(grid.inside)
    minor, major = ellipse.minor + 1e-3, ellipse.major + 1e-3
    nearest, farthest = (np.where(spot, grid.radius, np.inf).min(axis=1), np.where(spot, grid.radius, 0).max(axis=1))
    return np.column_stack([size, np.log(major), np.log(major / minor), ellipse.distance, nearest, farthest])


def _likeness(even: Map) -> Map:
    """The log autocorrelation of the maps at STEPS."""
    products: list[Map] = [(even * np.roll(even, step, (1, 2))).reshape(len(even), -1).mean(axis=1) for step in STEPS]
    return np.log1p(np.stack(products, axis=1))


def _spread(even: Map, density: Map) -> Floats:
    """Log mean square; distance of the mean from the centre; log variances along both axes, and their log ratio."""
    # `take` keeps the cells of a map contiguous; with an index, the order of summation depends on the number of maps
    square = (even.reshape(len(even), -1).take(_grid().inside, axis=1) ** 2).mean(axis=1)
    ellipse = _Ellipse(density)
    minor, major = ellipse.minor + 1e-4, ellipse.major + 1e-4
    logs = [np.log(minor), np.log(major), np.log(major / minor)]
    return np.column_stack([np.log(square + np.float32(1e-6)), ellipse.distance, *logs])


def _ring_shares(density: Map) -> Floats:
    """The share of dots in each ring."""
    record = np.arange(len(density))[:, None]
    return grouped_sums(record, _grid().ring, density, (len(density), RINGS + 1))[:, :RINGS]


class _Ellipse:
    """Mean and covariance of the positions in maps of weights [n, SIDE * SIDE].

    Attributes:
        distance: of the mean from the centre, [n].
        minor, major: variances along the principal axes, [n].
    """

    def __init__(self, weights: NDArray[Any]) -> None:
        moments = (weights[:, None].astype(np.float64) @ _grid().powers)[:, 0]
        x, y, xx, xy, yy = (moments[:, 1:] / moments[:, :1]).T
        xx, xy, yy = xx - x * x, xy - x * y, yy - y * y
        middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
        self.distance = np.hypot(x, y)
        self.minor, self.major = middle - half, middle + half
