"""Pictures given as arrays of pixels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.errors import InputError

CHANNELS = (1, 3, 4)  # grey, RGB, RGB with opacity


def array_picture(array: NDArray[Any], name: str) -> Image.Image:
    """The picture in an array.

    Args:
        array: [height, width] or [height, width, channels] with 1, 3 or 4 channels. The type determines the value of
            white: 255 for uint8 and for other integers, 65535 for uint16, 1 for floats and booleans. Grey values of
            uint16 are kept, and scaled later by the range of the data set.
        name: the picture's name in error messages.

    Raises:
        InputError: the shape or type is not supported, or values are outside the range of the type.
    """
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in CHANNELS or 0 in array.shape:
        raise InputError(
            f"{name}: an array of shape {list(array.shape)} is not a picture; give [height, width] or "
            "[height, width, channels] with 1, 3 or 4 channels, the last axis"
        )
    pixels = array[..., 0] if array.ndim == 3 and channels == 1 else array
    if pixels.dtype == np.uint16 and pixels.ndim == 2:
        return Image.fromarray(np.ascontiguousarray(pixels))  # PIL supports 16 bits for grey only
    return Image.fromarray(np.ascontiguousarray(_bytes(pixels, name)))


def _bytes(pixels: NDArray[Any], name: str) -> NDArray[np.uint8]:
    """The pixels as uint8."""
    kind = pixels.dtype.kind
    if pixels.dtype == np.uint16:
        return np.rint(pixels / 257).astype(np.uint8)
    white = {"b": 1, "u": 255, "i": 255, "f": 1}.get(kind)
    if white is None:
        found = f"an array of type {pixels.dtype} is not a picture"
        raise InputError(f"{name}: {found}; give uint8, uint16 or floats in 0..1")
    low, high = pixels.min(), pixels.max()
    if not (low >= 0 and high <= white):  # also where one of them is NaN
        raise InputError(
            f"{name}: an array of type {pixels.dtype} has values in 0..{white}; found {low:g} to {high:g}. "
            "Scale all pictures alike, or give uint8 or uint16"
        )
    return np.rint(pixels * 255.0).astype(np.uint8) if white == 1 else pixels.astype(np.uint8)
