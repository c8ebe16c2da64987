"""Small copies of pictures, embedded in the HTML, so that the report is a single file."""

import base64
import io
from pathlib import Path

from PIL import Image

from triptych.records.picture import Decoder
from triptych.records.record import DECODER, Record

MAX_WIDTH, MAX_HEIGHT = 420, 560  # px: shows the pattern, and fifty pictures fit in a page
QUALITY = 82


def data_uri(
    id: str, image: Path | Image.Image, decoder: Decoder = DECODER, size: tuple[int, int] = (MAX_WIDTH, MAX_HEIGHT)
) -> str:
    """A JPEG of `image` of at most `size` px as a `data:` URI, decoded by `decoder`; `id` is used in error messages.

    Raises:
        RecordError: the file is missing or holds no picture that can be decoded.
    """
    picture = Record(id, image).load_image(decoder)
    picture.thumbnail(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=QUALITY, optimize=True)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
