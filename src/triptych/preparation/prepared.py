"""Records that are ready for training and prediction, and records that augmentation drew from them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.answers.ask import Answers
from triptych.reading import Reading
from triptych.records import Record


@dataclass(frozen=True)
class Prepared:
    """One record, ready for training and prediction.

    Attributes:
        record: the record.
        reading: its checked readings and its digitised plot.
        answers: the answers of VLM and LLM about it.
        missing: the text branches that are not used for it: `vlm`, `llm`.
        image: the input of the image branch: the encoder's feature map [c, h, w] or pixels [3, side, side].
        picture: what the image encoder saw, as a small picture [3, s, s].
        vlm, llm: the inputs of the text branches: the encoder's features [t] or tokens [length].
        numbers: the readings features by name, with the class probabilities of the answers if these are used.
        notes: what was ignored in its picture and its given readings.
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
        """The shares of dots in the cells of its plot; None without a plot."""
        return self.reading.density


@dataclass(frozen=True)
class DrawnRecord:
    """A record that augmentation drew from a training record as readings and a plot, without a picture.

    Attributes:
        origin: the index of the original record among the prepared training records.
        record: the original record, whose label it has.
        numbers: the readings features by name.
        density: the shares of dots in the cells of its plot.
    """

    origin: int
    record: Record
    numbers: dict[str, float] = field(repr=False)
    density: NDArray[np.float32] = field(repr=False)
