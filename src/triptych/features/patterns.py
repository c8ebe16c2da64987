"""The spatial pattern of dots over a plot: rings, spots at the edge, scratches, and the evenness of the rest.

`outline` compares a single cloud with a normal distribution. This module measures maps without a single cloud. Nearly
all features are invariant when the plot is turned. Densities are relative to dots spread evenly over the target, so
that features are comparable between plots with few and many dots.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]

SIDE = 32  # cells along each side of the map
RINGS, DIRECTIONS, WAVES = 8, 24, 5  # rings and angles of the polar map; Fourier amplitudes kept of each ring
FINE, COARSE = 1.0, 2.0  # cells, sigmas of two Gaussian blurs
FINE_LEVELS = (0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)  # of the target's cells, densest first
COARSE_LEVELS = (0.0, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
LINES, LINE_LENGTHS, LINE_WIDTH = 12, (11, 7), 0.8  # directions; cells; cells (sigma)
SPOTS = (1.5, 3.0)  # times the even density: cells above it belong to a spot
STEPS = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2))  # cells, offsets of the autocorrelation


def pattern_features(density: NDArray[np.float32]) -> dict[str, float]:
    """Named features of a density map: the share of dots in each cell [SIDE, SIDE] of the square around the target."""
    import cv2

    grid = _grid()
    even = density * np.float32(grid.inside.sum())
    fine, coarse = (np.asarray(cv2.GaussianBlur(even, (0, 0), sigma), dtype=np.float32) for sigma in (FINE, COARSE))
    series = {
        "wave": _waves(fine),
        "fine": _levels(fine, FINE_LEVELS),
        "coarse": _levels(coarse, COARSE_LEVELS),
        "peak": [float(grid.radius.flat[int(coarse.argmax())])],
        "line": [value for length in LINE_LENGTHS for value in _lines(even, length)],
        "spot": [value for bound in SPOTS for value in _spot(coarse, density, bound)],
        "likeness": [np.log1p((even * np.roll(even, step, (0, 1))).mean()) for step in STEPS],
        "spread": [np.log((even[grid.inside] ** 2).mean() + 1e-6), *_inertia(density)],
        "ring": np.bincount(grid.ring.ravel(), weights=density.ravel(), minlength=RINGS + 1)[:RINGS].tolist(),
    }
    return {f"{name}_{i}": float(value) for name, values in series.items() for i, value in enumerate(values)}


class _Grid:
    """Constants of all maps: position (x to the right, y upwards, in radii), radius and ring of each cell; kernels."""

    def __init__(self) -> None:
        rows, columns = np.mgrid[0:SIDE, 0:SIDE]
        self.x, self.y = (columns + 0.5) / SIDE * 2 - 1, 1 - (rows + 0.5) / SIDE * 2
        self.radius = np.hypot(self.x, self.y)
        self.inside = self.radius <= 1
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


def _waves(fine: Map) -> list[float]:
    """Log Fourier amplitudes of each ring for 0, 1, 2, ... periods per turn; they do not depend on direction."""
    import cv2

    across, down = _grid().polar
    amplitudes = np.abs(np.fft.rfft(cv2.remap(fine, across, down, cv2.INTER_LINEAR), axis=1)) / DIRECTIONS
    return np.log1p(amplitudes.reshape(RINGS, 2, -1).mean(axis=1)[:, :WAVES]).ravel().tolist()  # type: ignore[no-any-return]


def _levels(blurred: Map, levels: tuple[float, ...]) -> list[float]:
    """The log density of the target's cells at `levels`, fractions of the cells in descending order of density."""
    falling = np.sort(blurred[_grid().inside])[::-1]
    return np.log1p(falling[(np.array(levels) * len(falling)).astype(int)]).tolist()  # type: ignore[no-any-return]


def _lines(even: Map, length: int) -> list[float]:
    """Logs of the line excess at ranks 0, 20 and 60, of the best line and its surroundings; the radius of that line."""
    import cv2

    means = np.stack([cv2.filter2D(even, -1, k, borderType=cv2.BORDER_CONSTANT) for k in _grid().lines[length]])
    around, best = means.mean(axis=0), means.max(axis=0)
    excess = best - around
    place = int(excess.argmax())
    ranked = np.sort(excess.ravel())[::-1][[0, 20, 60]]
    heights = np.log1p([*ranked, best.flat[place], around.flat[place]]).tolist()
    return [*heights, float(_grid().radius.flat[place])]


def _spot(coarse: Map, density: Map, bound: float) -> list[float]:
    """The spot above `bound` times the even density with most dots: share, size, form, place; log number of spots."""
    import cv2

    grid = _grid()
    count, spots = cv2.connectedComponents((coarse > bound).astype(np.uint8), connectivity=8)
    if count < 2:
        return [0.0] * 8
    shares = np.bincount(spots.ravel(), weights=density.ravel(), minlength=count)[1:]
    spot = spots == 1 + int(shares.argmax())
    x, y, radius = grid.x[spot], grid.y[spot], grid.radius[spot]
    minor, major = np.linalg.eigvalsh(np.cov(np.stack([x, y]), bias=True) + 1e-3 * np.eye(2))
    form = [spot.sum() / grid.inside.sum(), np.log(major), np.log(major / minor)]
    return [shares.max(), *form, np.hypot(x.mean(), y.mean()), radius.min(), radius.max(), np.log(count)]


def _inertia(density: Map) -> list[float]:
    """The distance of the mean from the centre; log variances along the minor and major axes, and their log ratio."""
    grid = _grid()
    x, y = (density * grid.x).sum(), (density * grid.y).sum()
    dx, dy = grid.x - x, grid.y - y
    products = [(density * a * b).sum() for a, b in ((dx, dx), (dx, dy), (dy, dy))]
    minor, major = np.linalg.eigvalsh([products[:2], products[1:]]) + 1e-4
    return [float(np.hypot(x, y)), float(np.log(minor)), float(np.log(major)), float(np.log(major / minor))]
