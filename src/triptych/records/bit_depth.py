"""The bit depth and value range of a data set, learned once, so that all pictures are scaled to 8 bits alike.

The range is that of the training pictures' values, not that of their file format: a 12-bit camera writes 0 to 4095 into
16 bits, and a radiograph may use a hundredth of that. It extends from the lowest to the highest value of any training
picture. Percentiles are not used, because a small bright defect is a small share of a picture. Single hot and dead
pixels are ignored. So are a few pictures far outside all others, which would leave too few of the 256 grey levels for
the rest.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from PIL import Image

from triptych.errors import RecordError
from triptych.paths import StrPath, as_path
from triptych.records.high_bit_depth import is_high_bit_depth, read_high_bit_depth
from triptych.records.notes import listed
from triptych.records.open_image import check_size, open_image

BROKEN_SHARE = 0.05  # greatest share of pictures that are ignored because they are far outside all others
FAR = 10.0  # least distance of such pictures, in spans of a typical picture


@dataclass(frozen=True)
class BitDepth:
    """The bit depth of the training pictures.

    Attributes:
        range: the lowest and the highest value of pictures with more than 8 bits; None if there are none.
        eight_bit: whether there are pictures with 8 bits.
    """

    range: tuple[float, float] | None
    eight_bit: bool

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file; `from_json` reads them."""
        return {"range": self.range and list(self.range), "eight_bit": self.eight_bit}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The bit depth that `to_json` wrote."""
        low_high = kept["range"]
        return cls((float(low_high[0]), float(low_high[1])) if low_high else None, bool(kept["eight_bit"]))


@dataclass(frozen=True)
class LearnedBitDepth:
    """The bit depth of a data set, and warnings about it."""

    depth: BitDepth
    warnings: tuple[str, ...] = field(default=())


def learn_depth(sources: Iterable[tuple[str, StrPath | Image.Image]], max_pixels: int) -> LearnedBitDepth:
    """The bit depth of training pictures, each given as its name for error messages and the picture.

    Pictures with 8 bits are not decoded. Pictures that cannot be used are ignored here, and reported when they are
    read.
    """
    found: dict[object, tuple[str, tuple[float, float] | None]] = {}  # by picture, which several records may share
    for name, given in sources:
        source = given if isinstance(given, Path | Image.Image) else as_path(given)
        key = source if isinstance(source, Path) else id(source)
        if key not in found:
            with suppress(RecordError):
                found[key] = (name, _bounds(source, name, max_pixels))
    deep = {name: bounds for name, bounds in found.values() if bounds is not None}
    eight_bit = len(found) - len(deep)
    if not deep:
        return LearnedBitDepth(BitDepth(None, eight_bit=bool(eight_bit)))
    broken = _broken(list(deep.values()))
    kept = np.array([bounds for bounds in deep.values() if bounds not in broken])
    low, high = float(kept[:, 0].min()), float(kept[:, 1].max())
    warnings = []
    if eight_bit:
        warnings.append(
            f"{len(deep)} of {len(found)} training pictures have more than 8 bits; they are scaled by their range "
            f"({low:g} to {high:g}), and the others stay as they are; save all pictures alike"
        )
    if broken:
        names = [name for name, bounds in deep.items() if bounds in broken]
        warnings.append(
            f"{len(names)} of {len(deep)} training pictures lie far outside the range of the others ({low:g} to "
            f"{high:g}) and are clipped to it: {listed(names)}"
        )
    return LearnedBitDepth(BitDepth((low, high), eight_bit=bool(eight_bit)), tuple(warnings))


def _bounds(source: Path | Image.Image, name: str, max_pixels: int) -> tuple[float, float] | None:
    """The lowest and highest value of a picture; None when it has 8 bits."""
    with open_image(source, name) as picture:
        if not is_high_bit_depth(picture):
            return None
        check_size(picture.size, name, max_pixels)
        if (deep := read_high_bit_depth(picture)) is None:
            return None
        return deep.bounds(name)


def _broken(bounds: Sequence[tuple[float, float]]) -> set[tuple[float, float]]:
    """The `bounds` of pictures that are far outside all others, if there are only a few."""
    low, high = np.median(np.array(bounds), axis=0).tolist()
    far = FAR * (high - low)
    broken = [each for each in bounds if each[0] < low - far or each[1] > high + far]
    return set(broken) if far > 0 and len(broken) <= BROKEN_SHARE * len(bounds) else set()
