"""Density maps of several plots, measured together.

Each measure is one NumPy call over all maps, because a call for each map costs more than its arithmetic. The measures
of a map do not depend on the other maps, bit for bit. So sums run over contiguous cells of one map, in an order that
does not depend on the number of maps, and matrix products are one product of fixed size for each map.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Maps:
    """Density maps of n plots, each with at least one dot.

    Attributes:
        share: share of the dots in each cell, [n, side, side]; each map sums to 1.
        side: number of cells along each side.
        record: the map of each non-empty cell, [k], ascending.
        cell: its place in its map, [k]: row times side plus column.
        row, column: the places of its row and its column in the flattened array [n, side], [k].
    """

    def __init__(self, density: NDArray[np.floating]) -> None:
        share = density.astype(np.float64)
        share /= share.sum(axis=(1, 2), keepdims=True)
        self.share, self.side = share, share.shape[-1]
        places = np.flatnonzero(density != 0)
        self.row = places // self.side
        self.record = self.row // self.side
        self.column = self.record * self.side + places - self.row * self.side
        self.cell = places - self.record * self.side**2
        self._weights = share.ravel()[places]
        self._starts = np.searchsorted(self.record, np.arange(len(share)))

    def mean(self, values: Floats) -> Floats:
        """The mean of `values` [k] of the non-empty cells over the dots of each map, [n]."""
        return np.add.reduceat(self._weights * values, self._starts)

    def below(self, values: Floats, bounds: Sequence[float]) -> Floats:
        """The share of the dots with `values` [k] below each of the ascending `bounds`, [n, len(bounds)]."""
        reached = np.zeros(len(values), dtype=np.uint8)
        for bound in bounds:  # several times as fast as `searchsorted`, because there are few bounds
            reached += values >= bound
        shares = grouped_sums(self.record, reached, self._weights, (len(self.share), len(bounds) + 1))
        return shares.cumsum(axis=1)[:, :-1]


def grouped_sums(record: Integers, group: NDArray[Any], weights: NDArray[Any], shape: tuple[int, int]) -> Floats:
    """The sums of `weights` by record and group, as an array of `shape`: numbers of records and of groups."""
    flat = np.bincount((record * shape[1] + group).ravel(), weights=weights.ravel(), minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64, copy=False)


def columns(series: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Named features [n]: column i of the series [n, k] is `NAME_i`."""
    return {f"{name}_{i}": values[:, i] for name, values in series.items() for i in range(values.shape[1])}
