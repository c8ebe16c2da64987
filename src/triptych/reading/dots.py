"""Estimates the density of the dots in a plot, also where they overlap.

In the middle of a cloud the dots merge into one blot, so counting spots or coloured pixels fails. The uncovered share
of the area still gives the density: n random discs of area a per unit of area leave the share exp(-n a) uncovered (the
Boolean model of stochastic geometry). Hence n = -log(1 - coverage) / a, with a measured on isolated dots. Where almost
nothing is uncovered, the density is continued by a Gaussian fitted to its surroundings and scaled to the printed total,
if that is known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.reading.ocr import Pixels
from triptych.reading.plot import Plot

Map = NDArray[np.float32]

MIN_CHROMA = 50  # least difference between a dot's largest and smallest channel; ink, lines and paper have less
LEAST_COVER = 0.2  # less coverage of a pixel is JPEG noise
MAX_OFF_HUE = 0.6  # share of a pixel's colour that may differ from the dots' hue
FRAME_WIDTH = 3.0  # px inside the edge of the plot that its frame may take
SATURATED = 0.95  # coverage beyond which the uncovered share is no longer informative
SMOOTHING = 0.25  # sigma of the Gaussian that averages coverage, in sigmas of the cloud
MAX_FILL = 4.0  # log of the greatest density ratio between the saturated middle and its rim
MIN_DOT_AREA = 3.0  # px; smaller spots are noise


@dataclass(frozen=True)
class Dots:
    """The coverage of the plot's area by dots.

    Attributes:
        cover: share of each pixel that is covered, [S, S], 0 to 1.
        origin: the position of the map's upper left corner, in px from the plot's centre, y downwards.
        area: px, of one dot.
    """

    cover: Map
    origin: tuple[float, float]
    area: float


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


def find_dots(image: Pixels, plot: Plot) -> Dots | None:
    """The dots inside `plot` of the upright picture `image` [H, W, 3]; None if there are no dots of one colour."""
    half = plot.half - FRAME_WIDTH
    left, top = max(0, round(plot.center[0] - half)), max(0, round(plot.center[1] - half))
    right, bottom = round(plot.center[0] + half), round(plot.center[1] + half)
    cover = _coverage(image[top:bottom, left:right])
    area = _dot_area(cover) if cover is not None else None
    if cover is None or area is None:
        return None
    return Dots(cover, (left - plot.center[0], top - plot.center[1]), area)


def _coverage(image: Pixels) -> Map | None:
    """The share of each pixel of `image` [H, W, 3] that has the dots' colour, the strongest common colour in it.

    The mean of the channels is subtracted, so grey background, lines and print do not count.
    """
    import cv2

    red, green, blue = cv2.split(image)
    chroma = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    coloured = chroma[chroma >= MIN_CHROMA]
    if len(coloured) < 20:
        return None
    strong = image[chroma >= 0.8 * np.percentile(coloured, 90)].astype(np.float32)
    colour = np.median(strong, axis=0)
    colour -= colour.mean()
    across = np.cross(colour, np.ones(3)) / np.sqrt(3)  # as long as `colour`, orthogonal to it and to grey
    weights = np.stack([colour, across]) / (colour @ colour)
    along, beside = cv2.split(cv2.transform(image.astype(np.float32), weights.astype(np.float32)))
    ground = float(np.median(along))  # the background may be tinted
    cover: Map = np.clip((along - ground) / (1 - ground), 0, 1)
    cover[(cover < LEAST_COVER) | (np.abs(beside) > MAX_OFF_HUE * np.abs(along))] = 0
    return cover


def _dot_area(cover: Map) -> float | None:
    """The area of one dot in px: the mode of the areas of separate spots in `cover`; merged dots are larger."""
    import cv2

    count, spots = cv2.connectedComponents((cover > 0).astype(np.uint8), connectivity=8)
    areas = np.sort(np.bincount(spots.ravel(), weights=cover.ravel(), minlength=count)[1:])
    areas = areas[areas >= MIN_DOT_AREA]
    if not len(areas):
        return None
    # As in the half-sample mode: of all runs of an eighth of the sorted areas, take the one with the smallest ratio.
    run = min(max(3, len(areas) // 8), len(areas) - 1)
    spread = areas[run:] / areas[: len(areas) - run]
    start = int(np.argmin(spread))
    return float(np.median(areas[start : start + run + 1]))


def dot_density(dots: Dots, total: float | None = None) -> Density:
    """Dots per cell of a grid whose cells are about half a dot wide; `total` is the number of dots, if known."""
    import cv2

    diameter = 2 * np.sqrt(dots.area / np.pi)
    cell = max(2, round(diameter / 2))
    height, width = (side // cell for side in dots.cover.shape)
    cover = cv2.resize(
        dots.cover[: height * cell, : width * cell], (width, height), interpolation=cv2.INTER_AREA
    ).astype(np.float64)
    x, y = (np.arange(n) * cell + cell / 2 - 0.5 for n in (width, height))
    sigma = _cloud_sigma(cover)
    blurred = cv2.GaussianBlur(cover, (0, 0), max(0.6 * diameter / cell, SMOOTHING * sigma))
    around = np.asarray(blurred, dtype=np.float64)
    smooth = -np.log1p(-np.minimum(around, SATURATED)) / dots.area * cell**2
    # Keep the sharp coverage, and correct it by the smooth estimate of how much is hidden nearby.
    found = np.where(around > 1e-4, cover * smooth / np.maximum(around, 1e-4), 0.0)
    found = _fill_saturated(found, smooth, around, total)
    spread = dots.area / np.pi / 4 + cell**2 / 12
    return Density(found, x + dots.origin[0], -(y + dots.origin[1]), spread)


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
