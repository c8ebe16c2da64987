"""Features of encoders, cached on disk under the digest of the encoder and its input."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.cache import Cache, digest
from triptych.encoders.image import ImageEncoder
from triptych.encoders.text import TextEncoder


def image_features(encoder: ImageEncoder, image: Image.Image, cache: Cache) -> NDArray[np.float16]:
    """The encoder's map [channels, grid, grid] of `image`, from the cache if it is there."""
    key = digest("image", encoder.id, repr(image.size), image.tobytes())
    return _features(key, (encoder.channels, encoder.grid, encoder.grid), cache, lambda: encoder.encode(image))


def text_features(encoder: TextEncoder, text: str, cache: Cache) -> NDArray[np.float16]:
    """The encoder's vector [channels] of `text`, from the cache if it is there."""
    return _features(digest("text", encoder.id, text), (encoder.channels,), cache, lambda: encoder.encode(text))


def _features(
    key: str, shape: tuple[int, ...], cache: Cache, compute: Callable[[], NDArray[np.float16]]
) -> NDArray[np.float16]:
    kept = cache.get(key)
    if kept is None:
        kept = compute().tobytes()
        cache.put(key, kept)
    return np.frombuffer(kept, dtype=np.float16).reshape(shape)
