"""Data augmentation for plots without a fixed orientation: quarter turns about the plot's centre and mirror images.

Totals and rings do not change; means and sigmas are turned with the plot. A new record has readings and a plot, but no
picture.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from triptych.augment.source import Drawn, Source
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y

WAYS = 8  # 0 to 3 quarter turns, with and without mirroring; the first is the record itself


class Turn:
    """Turns and mirrors every record."""

    factor = float(WAYS)

    def draw(self, sources: Sequence[Source], count: int, rng: np.random.Generator) -> Iterator[Drawn]:
        """`count` new records, the same number from each source with a plot; none if there are none."""
        order = rng.permutation([i for i, source in enumerate(sources) if source.density is not None]).tolist()
        for i in range(count if order else 0):
            origin, way = order[i % len(order)], 1 + i // len(order) % (WAYS - 1)
            yield _turned(origin, sources[origin], way)


def _turned(origin: int, source: Source, way: int) -> Drawn:
    """The record mirrored left to right if `way` is odd, then turned counter-clockwise by `way // 2` quarter turns."""
    assert source.density is not None
    density, numbers = source.density, {n: v for n, v in source.readings.items() if isinstance(v, float)}
    if way % 2:
        density, numbers = density[:, ::-1], numbers | _transformed(numbers, ((MEAN_X, MEAN_X, -1.0),))
    for _ in range(way // 2):  # (x, y) becomes (-y, x)
        turns = ((MEAN_X, MEAN_Y, -1.0), (MEAN_Y, MEAN_X, 1.0), (SIGMA_X, SIGMA_Y, 1.0), (SIGMA_Y, SIGMA_X, 1.0))
        density, numbers = np.rot90(density), numbers | _transformed(numbers, turns)
    return Drawn(origin, {**source.readings, **numbers}, np.ascontiguousarray(density))


def _transformed(numbers: dict[str, float], changes: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """New values of `numbers` by `changes` (new name, old name, factor); missing numbers are skipped."""
    return {new: factor * numbers[old] for new, old, factor in changes if old in numbers}
