"""One inspected unit: a picture, the readings recorded with it, and optionally its label."""

import hashlib
import io
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from triptych.cache import digest
from triptych.errors import InputError, RecordError
from triptych.paths import as_path
from triptych.records.arrays import array_picture
from triptych.records.open_image import open_image
from triptych.records.picture import ORIENTATION, Decoder, Picture
from triptych.records.values import plain_label, plain_readings
from triptych.text import printable

PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})  # modes that PNG stores without loss
DECODER = Decoder()


@dataclass(frozen=True)
class Record:
    """One row of a data set. Several records may share one image.

    Values of other types are converted on creation: a path given as text, an array of pixels, readings as described in
    `triptych.records.values.plain_readings`, a label that is a number.

    Attributes:
        id: its name in tables and reports: the path of its image as given, possibly with the manifest's row.
        image: the picture, as a file or in memory.
        readings: named numbers and words that came with the image (manifest columns); empty if they are to be read.
        label: its class, if known.
        split: `train`, `val` or `test`, if the source specifies it.
        group: its lot, tile or serial number, if any; records of one group stay together in splits and folds.
        problem: why its source names no usable picture, which loading the picture raises; usually empty.

    Raises:
        InputError: a value of a type that cannot be converted; the message names the record, the field and the type.
    """

    id: str
    image: Path | Image.Image
    readings: Mapping[str, float | str] = field(default_factory=dict)
    label: str | None = None
    split: str | None = None
    group: str | None = None
    problem: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", printable(str(self.id)))
        object.__setattr__(self, "image", _source(self.image, self.id))
        object.__setattr__(self, "readings", plain_readings(self.readings, self.id))
        object.__setattr__(self, "label", plain_label(self.label, self.id))
        object.__setattr__(self, "group", plain_label(self.group, self.id))
        for name in ("label", "split", "group"):  # made printable; the image keeps its path
            if isinstance(value := getattr(self, name), str):
                object.__setattr__(self, name, printable(value))

    @property
    def mark(self) -> str:
        """A mark that identifies this record and the state of its file, without reading the file.

        A pipe or a device gives other bytes each time, so it gets a new mark each time.
        """
        return digest(self.id, str(self.image), _file_mark(self.image), repr(sorted(self.readings.items())))

    def image_bytes(self) -> bytes:
        """The bytes that identify the picture: those of the file; in memory, a PNG, or the values if PNG cannot.

        Raises:
            RecordError: the file is missing or cannot be read.
        """
        if self.problem:
            raise RecordError(self.problem)
        if isinstance(self.image, Image.Image):
            return _bytes_in_memory(self.image, self.id)
        try:
            return self.image.read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a null character in the path
            reason = getattr(error, "strerror", None) or error
            raise RecordError(f"{self.image}: cannot be read ({reason}); check the path") from None

    def digest(self) -> str:
        """The SHA-256 digest of the picture, in hexadecimal."""
        return hashlib.sha256(self.image_bytes()).hexdigest()

    def load_picture(self, decoder: Decoder = DECODER) -> Picture:
        """The picture, upright and in RGB, with its problems and notes.

        Args:
            decoder: the limits on its size, and the range of the data set's values.

        Raises:
            RecordError: the file is not a picture or is truncated, a side is shorter than 16 px, or it is too large.
        """
        if self.problem:
            raise RecordError(self.problem)
        return decoder.decode(self.image, self.id)

    def load_image(self, decoder: Decoder = DECODER) -> Image.Image:
        """The image of `load_picture`."""
        return self.load_picture(decoder).image


def _bytes_in_memory(image: Image.Image, name: str) -> bytes:
    with open_image(image, name):
        turned = image.getexif().get(ORIENTATION, 1)
        mark = "" if turned == 1 else f" orientation {turned}"
        if image.mode not in PNG_MODES:
            return image.tobytes() + f" {image.mode} {image.size}{mark}".encode()
        buffer = io.BytesIO()
        image.save(buffer, format="PNG")
        return buffer.getvalue() + mark.encode()


def _source(image: object, name: str) -> Path | Image.Image:
    """The file or picture that a caller gave; `name` is used in error messages."""
    if isinstance(image, Path | Image.Image):
        return image
    if isinstance(image, os.PathLike) or (isinstance(image, str) and image):
        return as_path(image)
    if isinstance(image, np.ndarray):
        return array_picture(image, name)
    found = "empty text" if image == "" else f"of type {type(image).__name__}"
    raise InputError(f"{name}: the image is {found}; give a path, a PIL picture or an array of pixels")


def _file_mark(image: Path | Image.Image) -> str:
    if not isinstance(image, Path):
        return secrets.token_hex()
    try:
        found = image.stat()
    except (OSError, ValueError):
        return "missing"
    return f"{found.st_size} {found.st_mtime_ns}" if stat.S_ISREG(found.st_mode) else secrets.token_hex()
