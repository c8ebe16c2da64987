"""The two encoders that a configuration names, and the inputs that they make of a record.

| `encoders.tune` | stored for each record                   |
|-----------------|------------------------------------------|
| `frozen`        | features of picture and texts, cached    |
| `adapters`      | features of the picture, tokens of texts |
| `full`          | pixels, tokens                           |

`network.branches` builds the branches on these inputs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.cache import Cache
from triptych.config import EncodersConfig
from triptych.encoders.cached import image_features, text_features
from triptych.encoders.image import ImageEncoder
from triptych.encoders.text import TextEncoder
from triptych.plugins import build


@dataclass(frozen=True)
class Encoders:
    """An image encoder and a text encoder; their weights are loaded when they are first needed."""

    config: EncodersConfig
    image: ImageEncoder
    text: TextEncoder

    @property
    def trains_images(self) -> bool:
        """Whether the image encoder's own weights are trained."""
        return self.config.tune == "full"

    @property
    def trains_texts(self) -> bool:
        """Whether the weights of text encoders, or adapters inside them, are trained."""
        return self.config.tune != "frozen"

    def image_input(self, image: Image.Image, cache: Cache) -> NDArray[Any]:
        """The input of the image branch: features [c, h, w] in float16, or pixels [3, side, side] in uint8."""
        return self.image.pixels(image) if self.trains_images else image_features(self.image, image, cache)

    def text_input(self, text: str, cache: Cache) -> NDArray[Any]:
        """The input of a text branch: features [t] in float16, or tokens [length] in int32."""
        return self.text.tokens(text) if self.trains_texts else text_features(self.text, text, cache)


def open_encoders(config: EncodersConfig) -> Encoders:
    """The encoders that `config` names.

    Raises:
        TriptychError: one of them is not installed.
    """
    return Encoders(config, build("image_encoder", config.image), build("text_encoder", config.text))


def pad(rows: list[NDArray[Any]], value: int) -> NDArray[Any]:
    """Rows [length] of several lengths -> one array [n, greatest length], padded with `value`."""
    padded = np.full((len(rows), max(map(len, rows))), value, dtype=rows[0].dtype)
    for row, out in zip(rows, padded, strict=True):
        out[: len(row)] = row
    return padded
