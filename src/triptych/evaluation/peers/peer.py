"""What a peer is: another method that learns from the same records, and sees of each what `PeerRecord` holds.

The paper's Table 2 compares methods that see pictures alone. Others see the numbers and words of a record, or both.
Those that see what Triptych makes of a record are of another kind, in `prepared`.
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
    """What a peer may see of one record: all that Triptych sees of it, save what VLM and LLM say.

    Attributes:
        picture: loads the view.
        readings: the numbers and words that came with the record, or were read from its picture.
        source: names the picture or group; records of one have the same, and None is like no other.
    """

    picture: Callable[[], Image.Image] = field(repr=False)
    readings: Readings
    source: str | None = None

    @cached_property
    def view(self) -> Image.Image:
        """The picture that Triptych's image encoder sees: the plot alone at a fixed scale, or the whole photograph."""
        return self.picture()


@dataclass(frozen=True)
class Predictions:
    """What a method says of n records.

    Attributes:
        labels: what each is called.
        probabilities: [n, classes] of the classes learned from, sorted; None where the method gives none.
    """

    labels: list[str]
    probabilities: NDArray[np.float64] | None = None

    @classmethod
    def most_probable(cls, classes: Sequence[str], probabilities: Any) -> Self:
        """Every record is called what has the greatest of its `probabilities` [n, classes]."""
        shares = np.asarray(probabilities, dtype=np.float64)
        return cls([classes[i] for i in shares.argmax(axis=1).tolist()], shares)


class Peer(ABC):
    """A classifier of records."""

    note = ""  # of a run: what else is worth knowing, such as the version of a library

    @abstractmethod
    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from records and their labels; the same seed learns the same."""

    @abstractmethod
    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """The label of every record, and the probability of every class where the method gives it."""
