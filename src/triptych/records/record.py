"""One inspected unit: a picture, the readings and words recorded with it, and perhaps its label."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageOps

from triptych.errors import RecordError

MIN_SIDE = 16  # px; a smaller picture can hold neither a plot nor a word


@dataclass(frozen=True)
class Record:
    """One row of a data set. One image may serve several records.

    Attributes:
        id: what tables and reports call it: the path of its image as the user gave it, or that and the manifest's row.
        image: the picture, as a file or in memory.
        readings: named numbers and words that came with the image (manifest columns); empty when they are to be read.
        label: its class, where known.
        split: `train`, `val` or `test`, where the source says so.
    """

    id: str
    image: Path | Image.Image
    readings: Mapping[str, float | str] = field(default_factory=dict)
    label: str | None = None
    split: str | None = None

    def image_bytes(self) -> bytes:
        """The bytes that identify the picture: the file's, or a PNG of the picture in memory.

        Raises:
            RecordError: the file is missing or cannot be read.
        """
        if isinstance(self.image, Image.Image):
            buffer = io.BytesIO()
            self.image.save(buffer, format="PNG")
            return buffer.getvalue()
        try:
            return self.image.read_bytes()
        except OSError as error:
            raise RecordError(f"{self.image}: cannot be read ({error.strerror or error}); check the path") from None

    def digest(self) -> str:
        """The content address of the picture (sha256, hexadecimal)."""
        return hashlib.sha256(self.image_bytes()).hexdigest()

    def load_image(self) -> Image.Image:
        """The picture in RGB, upright as its EXIF data say.

        Raises:
            RecordError: not a picture, a truncated one, or one with a side under 16 px.
        """
        picture = self.image if isinstance(self.image, Image.Image) else _decode(self.image_bytes(), self.id)
        if min(picture.size) < MIN_SIDE:
            size = f"{picture.width}x{picture.height}"
            raise RecordError(f"{self.id}: the picture is {size} px; the least is {MIN_SIDE}x{MIN_SIDE}")
        return picture.convert("RGB")


def _decode(data: bytes, name: str) -> Image.Image:
    """The picture in the bytes of an image file; `name` is what errors call it."""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            return ImageOps.exif_transpose(opened)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = "is empty" if not data else f"is not a picture that can be decoded ({error})"
        raise RecordError(f"{name}: {reason}; save it again as PNG or JPEG") from None
