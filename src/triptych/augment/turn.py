"""Data augmentation for plots that may lie any way up: quarter turns about the plot's centre, and mirror images.

Totals and rings stay as they are; means and sigmas turn with the plot. A new record has no picture: it teaches the
branch that reads numbers and plot.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from triptych.augment.source import Drawn, Source
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y

WAYS = 8  # four quarter turns, each as it is and mirrored; the first is the record itself


class Turn:
    """Every record turned and mirrored."""

    factor = float(WAYS)

    def draw(self, sources: Sequence[Source], count: int, rng: np.random.Generator) -> Iterator[Drawn]:
        """`count` new records, as many of each of `sources`; none of records without a plot."""
        order = rng.permutation([i for i, source in enumerate(sources) if source.density is not None]).tolist()
        for i in range(count if order else 0):
            origin, way = order[i % len(order)], 1 + i // len(order) % (WAYS - 1)
            yield _turned(origin, sources[origin], way)


def _turned(origin: int, source: Source, way: int) -> Drawn:
    """The record mirrored left to right, where `way` is odd, and turned counter-clockwise by half of it in quarters."""
    assert source.density is not None
    density, numbers = source.density, {n: v for n, v in source.readings.items() if isinstance(v, float)}
    if way % 2:
        density, numbers = density[:, ::-1], numbers | _renamed(numbers, ((MEAN_X, MEAN_X, -1.0),))
    for _ in range(way // 2):  # (x, y) comes to (-y, x)
        turns = ((MEAN_X, MEAN_Y, -1.0), (MEAN_Y, MEAN_X, 1.0), (SIGMA_X, SIGMA_Y, 1.0), (SIGMA_Y, SIGMA_X, 1.0))
        density, numbers = np.rot90(density), numbers | _renamed(numbers, turns)
    return Drawn(origin, {**source.readings, **numbers}, np.ascontiguousarray(density))


def _renamed(numbers: dict[str, float], changes: Sequence[tuple[str, str, float]]) -> dict[str, float]:
    """What `changes` (new name, old name, factor) make of those numbers that there are."""
    return {new: factor * numbers[old] for new, old, factor in changes if old in numbers}
