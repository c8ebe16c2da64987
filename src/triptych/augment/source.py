"""The input and output of augmentation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from triptych.records import Readings, Record
from triptych.records.fields import ring_bounds, ring_names


@dataclass(frozen=True)
class Source:
    """The data of one training record that augmentation uses.

    Attributes:
        label: class of the record.
        readings: checked readings of the record.
        correlation: correlation of x and y of the dots in the plot.
        density: `PlotMeasures.density` of the plot, [side, side]; None without a plot.
        um_per_radius: micrometres per outer radius of the plot; None if unknown.
        dots: estimated number of dots in the plot.
    """

    label: str
    readings: Readings
    correlation: float = 0.0
    density: NDArray[np.float32] | None = field(default=None, repr=False)
    um_per_radius: float | None = None
    dots: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """A record drawn from another; it has no picture.

    Attributes:
        origin: index of the other record among the sources; the new record has the same label.
        readings: readings of the new record.
        density: share of the dots in each cell of its plot, [side, side].
    """

    origin: int
    readings: Readings
    density: NDArray[np.float32] = field(repr=False)


class Augmenter(Protocol):
    """Draws new labelled records from the training records."""

    @property
    def factor(self) -> float:
        """Size of the augmented training set, as a multiple, if `augment.factor` is not set."""

    def draw(self, sources: Sequence[Source], count: int, rng: np.random.Generator) -> Iterator[Record | Drawn]:
        """`count` new records, in the proportions of the classes of `sources`."""


def ring_edges(sources: Sequence[Source]) -> list[float]:
    """The inner radii of all rings of the training records in micrometres, ascending from 0."""
    bounds = {ring_bounds(name) for source in sources for name in ring_names(source.readings)}
    return sorted({0.0} | {bound[0] for bound in bounds if bound})
