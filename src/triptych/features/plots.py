"""The features of digitised plots: position, size and outline of the cloud, and the pattern of the map.

Plots are measured in batches (`maps`), because augmentation draws several plots from each training record.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache, reduce
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from triptych.features.maps import Floats, Maps
from triptych.features.names import derived
from triptych.features.outline import outline_features
from triptych.features.patterns import SIDE, pattern_features

Map = NDArray[np.float32]

BATCH = 32  # maps measured together; more do not fit the processor's cache, and OpenCV takes at most 128 channels
RADII = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9)  # fractions of the outer radius


def plot_features(densities: Sequence[Map]) -> list[dict[str, float]]:
    """Named features of each of the density maps [side, side], `side` being a multiple of SIDE; lengths in outer radii.

    Every map must have dots. Features that are not finite are missing.
    """
    found: list[dict[str, float]] = []
    for batch in _batches(densities):
        features = _features_of(batch)
        names = [derived(f"plot_{name}") for name in features]
        rows = np.stack(list(features.values()), axis=1).tolist()
        found += [{name: v for name, v in zip(names, row, strict=True) if math.isfinite(v)} for row in rows]
    return found


def _batches(densities: Sequence[Map]) -> Iterator[Map]:
    """The maps in their order, as arrays [n, side, side] of at most BATCH maps of one size."""
    for _, alike in groupby(densities, key=len):
        maps = list(alike)
        yield from (np.stack(maps[start : start + BATCH]) for start in range(0, len(maps), BATCH))


def _features_of(density: Map) -> dict[str, Floats]:
    """Named features [n] of n maps [n, side, side]."""
    maps = Maps(density)
    centres = _centres(maps.side)
    x, y = _Axis(centres, maps.share.sum(axis=1)), _Axis(-centres, maps.share.sum(axis=2))
    near = maps.below(_radii(maps.side)[maps.cell], RADII)
    features = {
        "centroid_x": x.mean,
        "centroid_y": y.mean,
        "log_sigma_x": np.log(x.sigma),
        "log_sigma_y": np.log(y.sigma),
        "offset": np.hypot(x.mean, y.mean),
    }
    features |= {f"radius_{bound}": near[:, i] for i, bound in enumerate(RADII)}
    features |= outline_features(maps, x.standardised, y.standardised)
    return features | pattern_features(_coarse(density))


class _Axis:
    """The positions of dots along one axis.

    Attributes:
        mean, sigma: their mean and standard deviation in each map, [n].
        standardised: standardised positions of the lines of cells across the axis, [n, side].
    """

    def __init__(self, centres: Floats, share: Floats) -> None:
        """`share` [n, side] is the share of the dots in each line of cells, at the positions `centres` [side]."""
        self.mean = (share * centres).sum(axis=1)
        beside = centres - self.mean[:, None]
        self.sigma = np.maximum(np.sqrt((share * beside**2).sum(axis=1)), 1 / len(centres) ** 2)
        self.standardised = beside / self.sigma[:, None]


def _centres(side: int) -> Floats:
    """The x of the columns of a map, in radii."""
    return (np.arange(side) + 0.5) / side * 2 - 1


@cache
def _radii(side: int) -> Floats:
    """The radius of each cell of a map, [side * side]."""
    centres = _centres(side)
    return np.hypot(centres, centres[:, None]).ravel()


def _coarse(density: Map) -> Map:
    """The shares of dots in maps with SIDE cells along each side, [n, SIDE, SIDE]."""
    step = density.shape[-1] // SIDE
    narrow = reduce(np.add, (density[:, :, i::step] for i in range(step)))
    cells = reduce(np.add, (narrow[:, i::step] for i in range(step)))
    return np.asarray(cells / density.sum(axis=(1, 2), keepdims=True))
