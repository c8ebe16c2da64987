"""Decodes a picture, from a file or in memory, to the form that Triptych uses: upright, RGB, 8 bits, limited in size.

- Grey and colour values of more than 8 bits are scaled by the range learned from the training pictures (`bit_depth`);
  without one, by the picture's own range.
- Transparent pixels are blended with white. Of several pages or frames, the first is used.
- A picture with more than `reading.working_pixels` is reduced by an integer factor while it is decoded. One with more
  than `reading.max_pixels` is refused from its header.
- Colour profiles are not applied.
"""

import math
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from PIL import Image, ImageFile

from triptych.config import ReadingConfig
from triptych.paths import StrPath
from triptych.records.bit_depth import BitDepth
from triptych.records.high_bit_depth import HighBitDepthImage, is_high_bit_depth, read_high_bit_depth
from triptych.records.open_image import MIN_SIDE, OpenedImage, check_size, open_image

PAGES = "only the first of several pages or frames is used"
NOT_FINITE = "values that are not finite numbers are shown black or white"
FAR = 0.1  # distance from the range, in widths of the range, beyond which a value is far outside
SHARE_OUTSIDE = 0.01  # greatest share of a picture's values that may be far outside
MAX_SIDE = 32_000  # px, the limit of OpenCV's warps
STRIP = 1 << 22  # px that are converted at once while a large picture is reduced
ORIENTATION = 0x0112  # EXIF tag
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        image: in RGB, upright.
        problems: why it may not be comparable with the training pictures; each begins with `picture: `.
        notes: what was left out of the file; the wording is the same for every picture.
    """

    image: Image.Image
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decoder:
    """Decodes all pictures of one data set in the same way.

    Attributes:
        config: the limits on the size.
        depth: the bit depth of the training pictures; None if there are none.
    """

    config: ReadingConfig = field(default_factory=ReadingConfig)
    depth: BitDepth | None = None

    def decode(self, source: StrPath | Image.Image, name: str) -> Picture:
        """The picture `source`, a file or in memory; `name` is used in error messages.

        Raises:
            RecordError: the file is missing or damaged, a side is shorter than 16 px, or there are too many pixels.
        """
        with open_image(source, name) as picture:
            check_size(picture.size, name, self.config.max_pixels)
            notes = [PAGES] if picture.has_more_pages else []
            deep = read_high_bit_depth(picture) if is_high_bit_depth(picture) else None
            if deep is None:
                problems = self._problems_of_8_bits()
                image = self._shown(_of_8_bits(picture, self._factor(picture.size)))
            else:
                notes += [] if deep.is_finite else [NOT_FINITE]
                problems = self._problems(deep, name)
                low, high = (self.depth and self.depth.range) or deep.bounds(name)
                image = self._shown(deep.scaled(low, high))
            orientation = 1 if deep and deep.is_upright else _orientation(picture)
            return Picture(_turned(image, orientation), tuple(problems), tuple(notes))

    def _factor(self, size: tuple[int, int]) -> int:
        """The integer factor by which both sides of a picture are reduced."""
        wanted = max(math.sqrt(size[0] * size[1] / self.config.working_pixels), max(size) / MAX_SIDE)
        return max(1, min(math.ceil(wanted), min(size) // MIN_SIDE))

    def _shown(self, image: Image.Image) -> Image.Image:
        return reduced(image, self._factor(image.size))

    def _problems_of_8_bits(self) -> list[str]:
        if self.depth is None or self.depth.eight_bit or self.depth.range is None:
            return []
        return ["picture: has 8 bits, and the training pictures have more; it cannot be compared with them"]

    def _problems(self, deep: HighBitDepthImage, name: str) -> list[str]:
        """How the values of a picture differ from those of the training pictures."""
        if self.depth is None:
            return []
        if self.depth.range is None:
            return ["picture: has more than 8 bits, and the training pictures have 8; it is scaled by its own range"]
        least, most = self.depth.range
        margin = FAR * (most - least)
        share = deep.outside(least - margin, most + margin, name)
        if share <= SHARE_OUTSIDE:
            return []
        low, high = deep.bounds(name)
        return [
            f"picture: {share:.0%} of its values lie far outside {least:g} to {most:g}, the range of the training "
            f"pictures; found {low:g} to {high:g}"
        ]


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture of 8 bits in any mode of Pillow as RGB; transparent pixels are blended with white."""
    if image.mode == "LAB":
        from PIL import ImageCms

        return ImageCms.applyTransform(image, _lab_to_rgb()) or image
    if image.mode in ("La", "RGBa"):
        image = image.convert(image.mode.upper())
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        if layered.getchannel("A").getextrema()[0] != 255:
            layered = Image.alpha_composite(Image.new("RGBA", image.size, "white"), layered)
        return layered.convert("RGB")
    return image.convert("RGB")


def reduced(image: Image.Image, factor: int) -> Image.Image:
    """A picture of 8 bits in RGB, reduced by `factor` in strips, so that no full-size copy is in memory."""
    if factor == 1:
        return to_rgb(image)
    width, height = image.size
    rows = factor * max(1, STRIP // (factor * width))
    small = Image.new("RGB", (math.ceil(width / factor), math.ceil(height / factor)))
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        small.paste(to_rgb(strip).reduce(factor), (0, top // factor))
    return small


def _of_8_bits(picture: OpenedImage, factor: int) -> Image.Image:
    """A picture decoded by Pillow; large JPEG files are decoded at a smaller size directly."""
    image = picture.image
    if image is None:
        raise ValueError("its format is not known")
    if factor > 1 and picture.file is not None and isinstance(image, ImageFile.ImageFile):
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    return image


def _orientation(picture: OpenedImage) -> Any:
    """The orientation of a picture from its EXIF data; Pillow applies that of TIFF files itself."""
    return picture.image.getexif().get(ORIENTATION) if picture.image else None


def _turned(image: Image.Image, orientation: Any) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


@cache
def _lab_to_rgb() -> Any:
    from PIL import ImageCms

    lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, rgb, "LAB", "RGB")
