"""Pictures with more than 8 bits per value: recognised by their header, decoded in full, scaled to 8 bits.

Pillow keeps the full values of grey pictures (modes `I`, `I;16` and `F`), but reduces those of colour pictures to 8
bits. So colour pictures are decoded by OpenCV.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, TiffImagePlugin

from triptych.errors import RecordError
from triptych.records.open_image import OpenedImage

_PHOTOMETRIC, _BITS, _SAMPLE_FORMAT = 262, 258, 339  # TIFF tags
_WHITE_IS_ZERO, _UNSIGNED = 0, 1
_BLOCK = 1 << 20  # values that are scaled at once
_MEDIAN = 3  # px, window of the median filter that removes single hot and dead pixels


@dataclass(frozen=True)
class HighBitDepthImage:
    """The values of one picture. They are processed in blocks of rows, so that no copy of the picture is in memory.

    Attributes:
        values: [h, w] grey or [h, w, 3] RGB, of any number type.
        alpha: the opacity of each pixel, [h, w], 0 to `opaque`; None if all are opaque.
        opaque: the alpha of an opaque pixel.
        inverted: whether the lowest value is white.
        is_upright: whether the orientation in the file's metadata has been applied.
    """

    values: NDArray[Any] = field(repr=False)
    alpha: NDArray[Any] | None = field(default=None, repr=False)
    opaque: float = 1.0
    inverted: bool = False
    is_upright: bool = False

    @property
    def is_finite(self) -> bool:
        """Whether all values are finite numbers."""
        return all(np.isfinite(self.values[rows]).all() for rows in self._blocks())

    def bounds(self, name: str) -> tuple[float, float]:
        """The lowest and the highest value without single hot and dead pixels; `name` is used in error messages.

        Raises:
            RecordError: no value is a finite number.
        """
        found = [bounds for rows in self._blocks() if (bounds := self._bounds(rows))]
        if not found:
            raise _no_values(name)
        return min(low for low, _ in found), max(high for _, high in found)

    def outside(self, low: float, high: float, name: str) -> float:
        """The share of values below `low` or above `high`; `name` is used in error messages.

        Raises:
            RecordError: no value is a finite number.
        """
        beyond = total = 0
        for rows in self._blocks():
            values = self.values[rows][self._counted(rows)]
            beyond, total = beyond + int(((values < low) | (values > high)).sum()), total + values.size
        if not total:
            raise _no_values(name)
        return beyond / total

    def scaled(self, low: float, high: float) -> Image.Image:
        """The picture in 8 bits, RGB or grey, `low` black and `high` white (the reverse if inverted).

        Values outside the range are clipped, NaN becomes black, and transparent pixels are blended with white.
        """
        shown = np.empty(self.values.shape, dtype=np.uint8)
        span = high - low or 1.0
        for rows in self._blocks():
            share = ((self.values[rows].astype(np.float64) - low) / span).clip(0, 1)
            grey = np.rint(255 * np.nan_to_num(1 - share if self.inverted else share))
            if self.alpha is not None:
                grey = np.rint(255 - self._beside(self.alpha[rows] / self.opaque) * (255 - grey))
            shown[rows] = grey
        return Image.fromarray(shown)

    def _blocks(self) -> Iterator[slice]:
        step = max(_MEDIAN, _BLOCK // self.values[0].size)
        return (slice(top, top + step) for top in range(0, len(self.values), step))

    def _counted(self, rows: slice) -> NDArray[np.bool_]:
        """A mask of the valid values of some rows: finite and not fully transparent."""
        counted: NDArray[np.bool_] = np.isfinite(self.values[rows])
        return counted if self.alpha is None else counted & self._beside(self.alpha[rows] > 0)

    def _bounds(self, rows: slice) -> tuple[float, float] | None:
        """The bounds of some rows; None if no value is valid."""
        import cv2

        values, counted = self.values[rows], self._counted(rows)
        if not counted.any():
            return None
        base = 0.0 if values.dtype == np.uint16 else float(values[counted].min())
        if values.dtype != np.uint16:
            values = (values - np.float64(base)).astype(np.float32)
        if not counted.all():
            values = np.where(counted, values, np.median(values[counted]).astype(values.dtype))
        smooth = cv2.medianBlur(np.ascontiguousarray(values), _MEDIAN)
        return float(smooth.min()) + base, float(smooth.max()) + base

    def _beside(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """An array per pixel [h, w], in a shape that broadcasts with the values."""
        return pixels if self.values.ndim == 2 else pixels[..., None]


def _no_values(name: str) -> RecordError:
    return RecordError(f"{name}: none of the picture's values is a finite number; save it again")


def is_high_bit_depth(picture: OpenedImage) -> bool:
    """Whether the values of a picture have more than 8 bits, according to its header."""
    image = picture.image
    if image is None or image.mode.startswith(("I", "F")):
        return True
    return picture.file is not None and _colour_bits(image) > 8


def read_high_bit_depth(picture: OpenedImage) -> HighBitDepthImage | None:
    """The values of a picture for which `is_high_bit_depth` is true; None if OpenCV cannot decode its colours.

    Raises:
        ValueError: neither Pillow nor OpenCV can decode the file.
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


def _read_grey(image: Image.Image) -> HighBitDepthImage:
    image.load()
    values, inverted = np.asarray(image), False
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        tags = image.tag_v2
        inverted = tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        if values.dtype == np.int32 and _first(tags.get(_SAMPLE_FORMAT, _UNSIGNED)) == _UNSIGNED:
            values = values.view(np.uint32) if _first(tags.get(_BITS, 8)) == 32 else values
    clear = image.info.get("transparency")
    alpha = values != clear if isinstance(clear, int) else None
    return HighBitDepthImage(values.astype(values.dtype.newbyteorder("="), copy=False), alpha, inverted=inverted)


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


def _from_bgr(found: NDArray[Any], *, is_upright: bool) -> HighBitDepthImage:
    """The image from OpenCV's channels: grey, blue-green-red, or blue-green-red-alpha."""
    channels = 1 if found.ndim == 2 else found.shape[2]
    if channels == 1:
        return HighBitDepthImage(found.reshape(found.shape[:2]), is_upright=is_upright)
    if channels not in (3, 4):
        raise ValueError(f"it has {channels} channels; grey, RGB and RGBA are supported")
    opaque = float(np.iinfo(found.dtype).max) if np.issubdtype(found.dtype, np.integer) else 1.0
    alpha = found[..., 3] if channels == 4 else None
    return HighBitDepthImage(found[..., 2::-1], alpha, opaque, is_upright=is_upright)


def _colour_bits(image: Image.Image) -> int:
    """The number of bits per value of a colour file, as far as Pillow reports it."""
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
