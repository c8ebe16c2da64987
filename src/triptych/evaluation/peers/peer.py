"""What a peer is: another method that learns from the same records, and sees of each what `Seen` holds.

The paper's Table 2 compares methods that see pictures alone. Others see the numbers and words of a record, or both.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from PIL import Image

from triptych.progress import Track
from triptych.records import Readings


@dataclass(frozen=True)
class Seen:
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


class Peer(ABC):
    """A classifier of records."""

    note = ""  # of a run: what else is worth knowing, such as the version of a library

    @abstractmethod
    def fit(self, records: Sequence[Seen], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from records and their labels; the same seed learns the same."""

    @abstractmethod
    def predict(self, records: Sequence[Seen]) -> list[str]:
        """The label of every record."""
