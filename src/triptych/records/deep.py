"""Pictures whose values have more than 8 bits: recognised by their header, decoded as they are, scaled to 8 bits.

Pillow keeps such values of grey pictures (modes `I`, `I;16` and `F`) and cuts those of colour pictures down to 8 bits,
so colours are decoded by OpenCV.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, TiffImagePlugin

from triptych.errors import RecordError
from triptych.records.opening import Opened

_PHOTOMETRIC, _BITS, _SAMPLE_FORMAT = 262, 258, 339  # TIFF tags
_WHITE_IS_ZERO, _UNSIGNED = 0, 1
_BLOCK = 1 << 20  # values that are scaled at once
_MEDIAN = 3  # px, of the window without whose median a single hot or dead pixel would set the range


@dataclass(frozen=True)
class Deep:
    """The values of one picture.

    Attributes:
        values: [h, w] grey or [h, w, 3] RGB, of any number type.
        alpha: how opaque each pixel is, [h, w], 0 to 1; None where all are.
        inverted: whether the lowest value is white.
        is_upright: whether the orientation that the file asks for has been applied.
    """

    values: NDArray[Any] = field(repr=False)
    alpha: NDArray[np.float32] | None = field(default=None, repr=False)
    inverted: bool = False
    is_upright: bool = False

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which values can be compared, in the shape of `values`: finite ones that are not fully transparent."""
        counted: NDArray[np.bool_] = np.isfinite(self.values)
        if self.alpha is not None:
            seen = self.alpha > 0
            counted &= seen if counted.ndim == seen.ndim else seen[..., None]
        return counted

    @property
    def is_finite(self) -> bool:
        """Whether all values are finite numbers."""
        return bool(np.isfinite(self.values).all())

    def bounds(self, name: str) -> tuple[float, float]:
        """The lowest and the highest value, single hot and dead pixels left out; `name` is what errors call it.

        Raises:
            RecordError: no value is a finite number.
        """
        import cv2

        counted = self.counted
        if not counted.any():
            raise RecordError(f"{name}: none of the picture's values is a finite number; save it again")
        kept = self.values[counted]
        base = float(kept.min())
        values = self.values if self.values.dtype == np.uint16 else (self.values - np.float64(base)).astype(np.float32)
        if not counted.all():
            values = np.where(counted, values, np.median(values[counted]).astype(values.dtype))
        smooth = cv2.medianBlur(np.ascontiguousarray(values), _MEDIAN)
        offset = 0.0 if values.dtype == np.uint16 else base
        return float(smooth.min()) + offset, float(smooth.max()) + offset

    def outside(self, low: float, high: float) -> float:
        """The share of values below `low` or above `high`."""
        counted = self.counted
        beyond = ((self.values < low) | (self.values > high)) & counted
        return float(beyond.sum() / max(int(counted.sum()), 1))

    def scaled(self, low: float, high: float) -> Image.Image:
        """The picture in 8 bits, `low` black and `high` white (the other way round where inverted), RGB or grey.

        Values beyond are clipped, what is not a number is black, and transparent pixels lie on white.
        """
        flat = self.values.reshape(len(self.values), -1)
        scaled = np.empty(flat.shape, dtype=np.uint8)
        rows = max(1, _BLOCK // flat.shape[1])
        span = high - low or 1.0
        for top in range(0, len(flat), rows):
            share = ((flat[top : top + rows].astype(np.float64) - low) / span).clip(0, 1)
            scaled[top : top + rows] = np.rint(255 * np.nan_to_num(1 - share if self.inverted else share))
        grey = scaled.reshape(self.values.shape)
        if self.alpha is not None:
            alpha = self.alpha if grey.ndim == self.alpha.ndim else self.alpha[..., None]
            grey = np.rint(255 - alpha * (255.0 - grey)).astype(np.uint8)
        return Image.fromarray(grey)


def is_deep(picture: Opened) -> bool:
    """Whether the values of a picture have more than 8 bits, by its header."""
    image = picture.image
    if image is None or image.mode.startswith(("I", "F")):
        return True
    return picture.file is not None and _colour_bits(image) > 8


def read_deep(picture: Opened) -> Deep | None:
    """The values of a picture for which `is_deep` holds; None where OpenCV cannot decode its colours.

    Raises:
        ValueError: a file that only OpenCV may decode cannot be decoded by it either.
    """
    if picture.image is not None and picture.image.mode.startswith(("I", "F")):
        return _read_grey(picture.image)
    found = _decode(picture.data)
    if found is None:
        if picture.image is None:
            raise ValueError("its format is not known")
        return None
    upright = picture.image is None or isinstance(picture.image, TiffImagePlugin.TiffImageFile)
    return _from_bgr(found, is_upright=upright)


def _read_grey(image: Image.Image) -> Deep:
    image.load()
    values, inverted = np.asarray(image), False
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        tags = image.tag_v2
        inverted = tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        if values.dtype == np.int32 and _first(tags.get(_SAMPLE_FORMAT, _UNSIGNED)) == _UNSIGNED:
            values = values.view(np.uint32) if _first(tags.get(_BITS, 8)) == 32 else values
    clear = image.info.get("transparency")
    alpha = (values != clear).astype(np.float32) if isinstance(clear, int) else None
    return Deep(values.astype(values.dtype.newbyteorder("="), copy=False), alpha, inverted)


def _decode(data: bytes) -> NDArray[Any] | None:
    import cv2

    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    finally:
        cv2.utils.logging.setLogLevel(level)
    return found


def _from_bgr(found: NDArray[Any], *, is_upright: bool) -> Deep:
    """What OpenCV decoded, in the order of its channels: grey, blue-green-red, or that and alpha."""
    channels = 1 if found.ndim == 2 else found.shape[2]
    if channels == 1:
        return Deep(found.reshape(found.shape[:2]), is_upright=is_upright)
    if channels not in (3, 4):
        raise ValueError(f"it has {channels} channels; grey, RGB and RGBA are supported")
    alpha = None
    if channels == 4:
        opaque = np.iinfo(found.dtype).max if np.issubdtype(found.dtype, np.integer) else 1.0
        alpha = (found[..., 3] / np.float32(opaque)).astype(np.float32)
    return Deep(np.ascontiguousarray(found[..., 2::-1]), alpha, is_upright=is_upright)


def _colour_bits(image: Image.Image) -> int:
    """How many bits the values of a file in colour have, as far as Pillow tells."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return int(max(_all(image.tag_v2.get(_BITS, 8))))
    tiles = getattr(image, "tile", None)
    arguments = _all(tiles[0].args) if tiles else ()
    if isinstance(image, PngImagePlugin.PngImageFile):
        return 16 if any(str(argument).endswith(";16B") for argument in arguments) else 8
    if image.format == "PPM" and arguments and isinstance(arguments[-1], int):
        return arguments[-1].bit_length()
    return 8


def _all(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _first(value: Any) -> Any:
    return _all(value)[0]
