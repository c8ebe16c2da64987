"""A record that is ready for the network, and one that augmentation drew from such a record."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.answers.ask import Answers
from triptych.reading import Reading
from triptych.records import Record


@dataclass(frozen=True)
class Prepared:
    """One record, ready for the network.

    Attributes:
        record: the record.
        reading: its checked readings and its digitised plot.
        answers: what VLM and LLM say about it.
        missing: the text branches that it is judged without.
        image: what the image branch gets, the encoder's map [c, h, w] or pixels [3, side, side].
        picture: what the image encoder saw, small, [3, s, s].
        vlm, llm: what the text branches get of the two answers, the encoder's features [t] or tokens [length].
        numbers: named features for the readings branch, the classes' probabilities among them where they are used.
        notes: what was left out of its picture.
    """

    record: Record
    reading: Reading
    answers: Answers
    missing: tuple[str, ...]
    image: NDArray[Any] = field(repr=False)
    picture: NDArray[np.uint8] = field(repr=False)
    vlm: NDArray[Any] = field(repr=False)
    llm: NDArray[Any] = field(repr=False)
    numbers: dict[str, float] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def density(self) -> NDArray[np.float32] | None:
        """Shares of dots in the cells of its plot, where it has one."""
        return self.reading.density


@dataclass(frozen=True)
class DrawnRecord:
    """A record drawn from a training record by augmentation, in numbers alone: it teaches the readings branch.

    Attributes:
        origin: index, among the prepared training records, of the record that it was drawn from.
        record: that record, whose label it has.
        numbers: named features for the readings branch.
        density: shares of dots in the cells of its plot.
    """

    origin: int
    record: Record
    numbers: dict[str, float] = field(repr=False)
    density: NDArray[np.float32] = field(repr=False)
