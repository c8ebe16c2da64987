"""The interface of peers: other methods that learn from the same records, each given as a `PeerRecord`.

The methods in the paper's Table 2 get the picture only. Other peers get the numbers and words of a record, or both.
Peers that get Triptych's features have another interface, in `prepared`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.progress import Track
from triptych.records import Readings


@dataclass(frozen=True)
class PeerRecord:
    """The input of a peer for one record: the picture and the readings, without the answers of VLM and LLM.

    Attributes:
        picture: a function that loads the view.
        readings: the numbers and words that came with the record, or were read from its picture.
        source: the same for records of one picture or group, which must stay together; None: the record is independent.
    """

    picture: Callable[[], Image.Image] = field(repr=False)
    readings: Readings
    source: str | None = None

    @cached_property
    def view(self) -> Image.Image:
        """The input of Triptych's image encoder: the plot at a fixed scale, or the whole picture if it has no plot."""
        return self.picture()


@dataclass(frozen=True)
class Predictions:
    """The predictions of a method for n records.

    Attributes:
        labels: the predicted classes.
        probabilities: [n, classes], for the sorted classes of the training records; None if the method has none.
    """

    labels: list[str]
    probabilities: NDArray[np.float64] | None = None

    @classmethod
    def most_probable(cls, classes: Sequence[str], probabilities: Any) -> Self:
        """Predict the most probable class of every record, from `probabilities` [n, classes]."""
        shares = np.asarray(probabilities, dtype=np.float64)
        return cls([classes[i] for i in shares.argmax(axis=1).tolist()], shares)


class Peer(ABC):
    """A classifier of records."""

    note = ""  # additional information about a run, such as the version of a library

    @abstractmethod
    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Train on records and their labels; the same seed gives the same result."""

    @abstractmethod
    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label of every record, and class probabilities if the method has them."""
