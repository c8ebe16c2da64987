"""The image and text branches of the network for each fine-tuning mode.

| `encoders.tune` | image branch                  | text branches                             |
|-----------------|-------------------------------|-------------------------------------------|
| `frozen`        | an adapter on cached features | an adapter on cached features             |
| `adapters`      | an adapter on cached features | a frozen encoder with trained bottlenecks |
| `full`          | a trained encoder             | a trained encoder                         |

With `adapters` and `full`, each text branch has its own encoder, as in equation 2.
"""

from torch import nn

from triptych.encoders.chosen import Encoders
from triptych.network.adapters import ImageAdapter, ReadingsAdapter, VectorAdapter
from triptych.network.trained_encoders import TunedImage, TunedText, insert_adapters

Branch = ImageAdapter | VectorAdapter | ReadingsAdapter | TunedImage | TunedText


def image_branch(encoders: Encoders, channels: int, grid: int) -> Branch:
    """A new image branch for an encoder that returns maps [channels, grid, grid]."""
    c = encoders.config
    if encoders.trains_images:
        return TunedImage(encoders.image.module(), channels, grid, c.dim, c.dropout)
    return ImageAdapter(channels, grid, c.image_components, c.dim, c.dropout)


def text_branch(encoders: Encoders, channels: int) -> Branch:
    """A new text branch for an encoder that returns vectors [channels]."""
    c = encoders.config
    if not encoders.trains_texts:
        return VectorAdapter(channels, c.dim, c.dropout)
    encoder: nn.Module = encoders.text.module()
    if c.tune == "adapters":
        encoder = insert_adapters(encoder, channels)
    return TunedText(encoder, channels, c.dim, c.dropout)
