"""What augmentation draws from, and what it draws."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from triptych.records import Readings, Record
from triptych.records.fields import ring_bounds, ring_names


@dataclass(frozen=True)
class Source:
    """What augmentation knows of one training record.

    Attributes:
        label: its class.
        readings: its checked readings.
        correlation: of the dots' places in its plot.
        density: `PlotMeasures.density` of its plot, [side, side]; None without a plot.
        um_per_radius: the plot's scale, where known.
        dots: how many its plot shows, estimated.
    """

    label: str
    readings: Readings
    correlation: float = 0.0
    density: NDArray[np.float32] | None = field(default=None, repr=False)
    um_per_radius: float | None = None
    dots: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """A record drawn from another, in numbers alone.

    Attributes:
        origin: index, among the sources, of the record that it was drawn from and whose label it has.
        readings: its readings.
        density: its plot.
    """

    origin: int
    readings: Readings
    density: NDArray[np.float32] = field(repr=False)


class Augmenter(Protocol):
    """Draws new labelled records from what the training records say."""

    @property
    def factor(self) -> float:
        """Size of the training set after augmentation, as a multiple, where the configuration leaves it open."""

    def draw(self, sources: Sequence[Source], count: int, rng: np.random.Generator) -> Iterator[Record | Drawn]:
        """`count` new records, in the proportions of the classes of `sources`."""


def ring_edges(sources: Sequence[Source]) -> list[float]:
    """The radii between the rings that the training records carry, starting at 0."""
    bounds = {ring_bounds(name) for source in sources for name in ring_names(source.readings)}
    return sorted({0.0} | {bound[0] for bound in bounds if bound})
