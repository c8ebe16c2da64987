"""A heat map: where in a record's picture the support for a class lies, as one expert sees it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in px of a picture; it may reach beyond the picture."""


@dataclass(frozen=True)
class HeatMap:
    """The support for a class on one picture.

    Attributes:
        view: what the expert sees.
        values: [h, w], 0 to 1, of equal cells of the view; all zero if nothing supports the class.
        predicted: the class that the map refers to, which the model predicted.
        label: the true class, if known.
        expert: the expert that the map explains.
        method: how it was computed.
        box: where the view lies in the record's picture.
    """

    view: Image.Image = field(repr=False)
    values: NDArray[np.float32] = field(repr=False)
    predicted: str
    label: str | None
    expert: str
    method: str
    box: Box

    @property
    def empty(self) -> bool:
        """Whether nothing in the view supports the class."""
        return not self.values.any()

    def to_json(self) -> dict[str, Any]:
        """Plain values: the expert, the method, the class, the box in px of the record's picture, and the cells."""
        return {
            "expert": self.expert,
            "method": self.method,
            "label": self.predicted,
            "box": [round(float(edge), 1) for edge in self.box],
            "values": [[round(value, 3) for value in row] for row in self.values.tolist()],
        }


def to_unit(heat: NDArray[np.floating]) -> NDArray[np.float32]:
    """A map [h, w] without its negative part, divided by its maximum; all zero if nothing is positive."""
    positive = np.maximum(heat, 0)
    values: NDArray[np.float32] = (positive / max(positive.max(), 1e-12)).astype(np.float32)
    return values
