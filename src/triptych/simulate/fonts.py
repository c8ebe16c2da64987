"""Text as masks, in the two fonts that come with Pillow.

No font of the operating system is used, so the same seed gives the same picture everywhere.
"""

from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Font = Literal["aileron", "bitmap"]

BITMAP_HEIGHT = 11  # px, line height of the bitmap font
MARGIN = 1  # px at either end; some glyphs extend beyond their box


@lru_cache(maxsize=16)
def _load(font: Font, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default_imagefont() if font == "bitmap" else ImageFont.load_default(size=size)


def text_mask(text: str, font: Font, size: int) -> Image.Image:
    """The ink of one line of `text` (mode L, 255 = full ink).

    All lines of one font and size have the same height, so that adjacent masks share a base line. `size` is the font's
    size in px; the bitmap font, which has only one size, is scaled to that line height.
    """
    face = _load(font, size)
    width = round(face.getbbox(text)[2]) + 2 * MARGIN
    height = BITMAP_HEIGHT if font == "bitmap" else round(1.3 * size)
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).text((MARGIN, 0), text, fill=255, font=face)
    if font == "bitmap":
        scale = size / BITMAP_HEIGHT
        mask = mask.resize((round(mask.width * scale), size), Image.Resampling.BICUBIC)
    return mask
