"""What a peer is: another method of the paper's Table 2, that sees pictures and nothing else.

Peers see the view that Triptych's image encoder sees: the plot alone at a fixed scale, or the whole photograph.
"""

from collections.abc import Sequence
from typing import Protocol, Self

from PIL import Image

from triptych.progress import Track


class Peer(Protocol):
    """A classifier of pictures."""

    def fit(self, views: Sequence[Image.Image], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Learn from RGB pictures and their labels; the same seed learns the same."""

    def predict(self, views: Sequence[Image.Image]) -> list[str]:
        """The label of every picture."""
