"""The branches of the network, one for each kind of input, as the fine-tuning mode wants them.

| `encoders.tune` | the branch                                                             |
|-----------------|------------------------------------------------------------------------|
| `frozen`        | an adapter on cached features                                          |
| `adapters`      | the same for the picture; text encoders with trained bottlenecks       |
| `full`          | the encoders themselves, all of their weights                          |

Every text branch has an encoder of its own, as in equation 2, wherever an encoder is trained.
"""

from torch import nn

from triptych.encoders.chosen import Encoders
from triptych.network.adapters import ImageAdapter, ReadingsAdapter, VectorAdapter
from triptych.network.tuned import TunedImage, TunedText, insert_adapters

Branch = ImageAdapter | VectorAdapter | ReadingsAdapter | TunedImage | TunedText


def image_branch(encoders: Encoders, channels: int, grid: int) -> Branch:
    """A new image branch for an encoder with maps [channels, grid, grid]."""
    c = encoders.config
    if encoders.trains_images:
        return TunedImage(encoders.image.module(), channels, grid, c.dim, c.dropout)
    return ImageAdapter(channels, grid, c.image_components, c.dim, c.dropout)


def text_branch(encoders: Encoders, channels: int) -> Branch:
    """A new text branch for an encoder with vectors [channels]."""
    c = encoders.config
    if not encoders.trains_texts:
        return VectorAdapter(channels, c.dim, c.dropout)
    encoder: nn.Module = encoders.text.module()
    if c.tune == "adapters":
        encoder = insert_adapters(encoder, channels)
    return TunedText(encoder, channels, c.dim, c.dropout)
