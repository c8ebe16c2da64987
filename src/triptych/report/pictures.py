"""Pictures inside a page: small copies, written into the HTML itself, so that one file is the whole report."""

import base64
import io
from pathlib import Path

from PIL import Image

from triptych.records.picture import Decoder
from triptych.records.record import DECODER, Record

MAX_WIDTH, MAX_HEIGHT = 420, 560  # px: sharp enough to see the pattern, small enough for fifty of them in a page
QUALITY = 82


def data_uri(id: str, image: Path | Image.Image, decoder: Decoder = DECODER) -> str:
    """A small JPEG of `image` as a `data:` address, decoded by `decoder`; `id` is what errors call it.

    Raises:
        RecordError: the file is missing or holds no picture that can be decoded.
    """
    picture = Record(id, image).load_image(decoder)
    picture.thumbnail((MAX_WIDTH, MAX_HEIGHT), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=QUALITY, optimize=True)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
