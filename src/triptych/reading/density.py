"""Estimates the density of the dots in a plot, also where they overlap.

In the middle of a cloud the dots merge into one blot, so counting spots or coloured pixels fails. The uncovered share
of the area still gives the density: n random discs of area a per unit of area leave the share exp(-n a) uncovered (the
Boolean model of stochastic geometry, which holds for marks of any shape). Hence n = -log(1 - coverage) / a, with a
measured on isolated dots. Where almost nothing is uncovered, the density is continued by a Gaussian fitted to its
surroundings and scaled to the printed total, if that is known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.reading.dots import Dots
from triptych.reading.marks import Map

SATURATED = 0.95  # coverage beyond which the uncovered share is no longer informative
SMOOTHING = 0.25  # sigma of the Gaussian that averages coverage, in sigmas of the cloud
MAX_FILL = 4.0  # log of the greatest density ratio between the saturated middle and its rim


@dataclass(frozen=True)
class Density:
    """Dots in each cell of a grid over the plot.

    Attributes:
        dots: [H, W], rows from top to bottom.
        x: px right of the plot's centre, of each column's centre, [W].
        y: px above the plot's centre, of each row's centre, [H].
        spread: px^2, variance per axis that the size of dots and cells adds to positions.
    """

    dots: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    spread: float


def dot_density(dots: Dots, total: float | None = None) -> Density:
    """Dots per cell of a grid whose cells are about half a dot wide; `total` is the number of dots, if known."""
    import cv2

    diameter = 2 * np.sqrt(dots.area / np.pi)
    cell = max(2, round(diameter / 2))
    cover = _cells(dots.cover, cell)
    height, width = cover.shape
    x, y = (np.arange(n) * cell + cell / 2 - 0.5 for n in (width, height))
    sigma = _cloud_sigma(cover)
    blurred = cv2.GaussianBlur(cover, (0, 0), max(0.6 * diameter / cell, SMOOTHING * sigma))
    around = np.asarray(blurred, dtype=np.float64)
    smooth = -np.log1p(-np.minimum(around, SATURATED)) / dots.area * cell**2
    # Keep the sharp coverage, and correct it by the smooth estimate of how much is hidden nearby.
    found = np.where(around > 1e-4, _visible(dots, cover, cell) * smooth / np.maximum(around, 1e-4), 0.0)
    found = _fill_saturated(found, smooth, around, total)
    spread = dots.area / np.pi / 4 + cell**2 / 12
    return Density(found, x + dots.origin[0], -(y + dots.origin[1]), spread)


def _cells(cover: Map, cell: int) -> NDArray[np.float64]:
    """The mean of `cover` in cells of `cell` px."""
    import cv2

    height, width = (side // cell for side in cover.shape)
    cells = cv2.resize(cover[: height * cell, : width * cell], (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cells, dtype=np.float64)


def _visible(dots: Dots, cover: NDArray[np.float64], cell: int) -> NDArray[np.float64]:
    """`cover`, with each layer weighted by the number of its dots in the mean area of one dot."""
    if len({layer.area for layer in dots.layers}) == 1:
        return cover
    visible = [_cells(layer.cover, cell) * (dots.area / layer.area) for layer in dots.layers]
    return np.asarray(np.sum(visible, axis=0), dtype=np.float64)


def _cloud_sigma(cover: NDArray[np.float64]) -> float:
    """The standard deviation per axis of the covered positions, in cells."""
    total = cover.sum()
    variance = 0.0
    for axis in (0, 1):
        share, place = cover.sum(axis=axis) / total, np.arange(cover.shape[1 - axis])
        variance += share @ np.square(place - share @ place)
    return float(np.sqrt(variance / 2))


def _fill_saturated(
    found: NDArray[np.float64], smooth: NDArray[np.float64], around: NDArray[np.float64], total: float | None
) -> NDArray[np.float64]:
    """`found` with saturated cells replaced by a Gaussian fitted to the others, scaled to `total` if known."""
    saturated = around >= SATURATED
    if not saturated.any():
        return found
    rows, columns = np.nonzero(saturated)
    middle, scale = (rows.mean(), columns.mean()), max(1.0, float(np.sqrt(saturated.sum())))

    def terms(where: NDArray[np.bool_]) -> NDArray[np.float64]:
        v, u = ((place - mean) / scale for place, mean in zip(np.nonzero(where), middle, strict=True))
        return np.stack([np.ones_like(u), u, v, u * u, v * v, u * v], axis=1)

    rim = (around > 0.05) & ~saturated
    weights = around[rim]  # the densest cells are the most informative about the middle
    coefficients, *_ = np.linalg.lstsq(terms(rim) * weights[:, None], np.log(smooth[rim]) * weights, rcond=None)
    edge = float(np.log(smooth[rim].max(initial=smooth[saturated].min())))
    inside = np.exp(np.clip(terms(saturated) @ coefficients, edge, edge + MAX_FILL))
    if total and (rest := total - found[~saturated].sum()) > 0:
        inside *= np.clip(rest / inside.sum(), 0.3, 3.0)
    filled = found.copy()
    filled[saturated] = inside
    return filled
