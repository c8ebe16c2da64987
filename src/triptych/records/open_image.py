"""Opens pictures from a file or in memory, one at a time, and turns every failure of a decoder into a `RecordError`.

Only the header is read here. Pillow is tried first. TIFF files that it does not support (64-bit floats, floating-point
colours) are left to OpenCV, and their size is read from their tags.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import BinaryIO

from PIL import Image, ImageFile, TiffImagePlugin, UnidentifiedImageError

from triptych.errors import RecordError
from triptych.paths import StrPath, as_path

MIN_SIDE = 16  # px; a smaller picture cannot hold a plot or a word
_ONE_AT_A_TIME = RLock()  # limits the memory for decoding, and guards global settings of Pillow and Python
_TIFF_MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_WIDTH, _HEIGHT = 256, 257  # TIFF tags


@dataclass(frozen=True)
class OpenedImage:
    """A picture of which only the header has been read.

    Attributes:
        size: width and height in pixels.
        image: Pillow's image; None for a TIFF file that only OpenCV can decode.
        file: the open file; None for a picture in memory.
    """

    size: tuple[int, int]
    image: Image.Image | None
    file: BinaryIO | None

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file."""
        if self.file is None:
            return b""
        self.file.seek(0)
        return self.file.read()

    @property
    def has_more_pages(self) -> bool:
        """Whether it has several pages or frames and is at the first."""
        if not isinstance(self.image, ImageFile.ImageFile) or self.image.format == "PSD":  # layers are not pages
            return False
        with suppress(OSError, ValueError, SyntaxError, EOFError, LookupError):
            return bool(getattr(self.image, "is_animated", False)) and self.image.tell() == 0
        return False


def check_size(size: tuple[int, int], name: str, max_pixels: int) -> None:
    """Refuse a picture that is too small or too large, before it is decoded; `name` is used in error messages.

    Raises:
        RecordError: a side is shorter than 16 px, or there are more than `max_pixels` pixels.
    """
    found = f"the picture is {size[0]}x{size[1]} px"
    if min(size) < MIN_SIDE:
        raise RecordError(f"{name}: {found}; the least is {MIN_SIDE}x{MIN_SIDE}")
    if (pixels := size[0] * size[1]) > max_pixels:
        raise RecordError(
            f"{name}: {found}, {pixels / 1e6:.1f} million in all, and at most {max_pixels / 1e6:.1f} million are "
            "decoded; save it smaller, or train with a larger reading.max_pixels (--set reading.max_pixels=N)"
        )


@contextmanager
def open_image(source: StrPath | Image.Image, name: str) -> Iterator[OpenedImage]:
    """A context manager for the opened picture `source`; `name` is used in error messages.

    Decoding errors inside the context are also turned into `RecordError`.

    Raises:
        RecordError: the file is missing, empty, or not a picture that can be decoded.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")  # about damaged metadata of valid pictures
        try:
            if isinstance(source, Image.Image):
                yield OpenedImage(source.size, source, None)
            else:
                with _file(source if isinstance(source, Path) else as_path(source), name) as file:
                    yield _from_file(file)
        except RecordError:
            raise
        except Exception as error:  # decoders raise many types on damaged files
            reason = " ".join(str(error).split()) or type(error).__name__
            raise RecordError(
                f"{name}: is not a picture that can be decoded ({reason}); save it again as PNG or JPEG"
            ) from None


@contextmanager
def _file(path: Path, name: str) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RecordError(f"{path}: cannot be read ({reason}); check the path") from None
    with file:
        if not file.read(1):
            raise RecordError(f"{name}: is empty; save it again as PNG or JPEG")
        file.seek(0)
        yield file


def _from_file(file: BinaryIO) -> OpenedImage:
    bound, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # `Decoder` checks the size itself, with better advice
    try:
        image = Image.open(file)
    except UnidentifiedImageError:
        if (size := _tiff_size(file)) is None:
            raise ValueError("its format is not known") from None
        return OpenedImage(size, None, file)
    finally:
        Image.MAX_IMAGE_PIXELS = bound
    return OpenedImage(image.size, image, file)


def _tiff_size(file: BinaryIO) -> tuple[int, int] | None:
    """Width and height of a TIFF file from its tags; None if it is not a TIFF file."""
    file.seek(0)
    head = file.read(16)
    if head[:4] not in _TIFF_MAGIC:
        return None
    tags = TiffImagePlugin.ImageFileDirectory_v2(head if head[2:3] == b"+" else head[:8])
    file.seek(tags.next)
    tags.load(file)
    return int(tags[_WIDTH]), int(tags[_HEIGHT])
