"""How deep the pictures of a data set are, learned once, so that all of them are scaled to 8 bits alike.

A data set's own range is what its training pictures hold, not what their file format could: a camera with 12 bits
writes 0 to 4095 into 16, and a radiograph may use a hundredth of that. The range goes from the lowest to the highest
value of any training picture, and not between percentiles, because a small bright defect is a small share of a picture.
Single hot and dead pixels do not count, and neither do a few pictures that lie far outside all others: they would leave
too few of 256 grey levels to the rest.
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
from triptych.records.deep import is_deep, read_deep
from triptych.records.notes import listed
from triptych.records.opening import check_size, opened

BROKEN_SHARE = 0.05  # of the pictures that may lie far outside all others
FAR = 10.0  # spans of a typical picture


@dataclass(frozen=True)
class Depth:
    """What the training pictures hold.

    Attributes:
        range: the lowest and the highest value of those whose values have more than 8 bits; None: there were none.
        eight_bit: whether there were any with 8 bits.
    """

    range: tuple[float, float] | None
    eight_bit: bool

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"range": self.range and list(self.range), "eight_bit": self.eight_bit}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        low_high = kept["range"]
        return cls((float(low_high[0]), float(low_high[1])) if low_high else None, bool(kept["eight_bit"]))


@dataclass(frozen=True)
class LearnedDepth:
    """The depth of a data set, and what its user should know about it."""

    depth: Depth
    warnings: tuple[str, ...] = field(default=())


def learn_depth(sources: Iterable[tuple[str, StrPath | Image.Image]], max_pixels: int) -> LearnedDepth:
    """The depth of training pictures, each given with the name that errors call it.

    Pictures with 8 bits are not decoded. Those that cannot be used do not count; they are reported when they are read.
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
        return LearnedDepth(Depth(None, eight_bit=bool(eight_bit)))
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
    return LearnedDepth(Depth((low, high), eight_bit=bool(eight_bit)), tuple(warnings))


def _bounds(source: Path | Image.Image, name: str, max_pixels: int) -> tuple[float, float] | None:
    """The lowest and highest value of a picture; None when it has 8 bits."""
    with opened(source, name) as picture:
        if not is_deep(picture):
            return None
        check_size(picture.size, name, max_pixels)
        if (deep := read_deep(picture)) is None:
            return None
        return deep.bounds(name)


def _broken(bounds: Sequence[tuple[float, float]]) -> set[tuple[float, float]]:
    """Those of the pictures' `bounds` that lie far outside all others, if they are few."""
    low, high = np.median(np.array(bounds), axis=0).tolist()
    far = FAR * (high - low)
    broken = [each for each in bounds if each[0] < low - far or each[1] > high + far]
    return set(broken) if far > 0 and len(broken) <= BROKEN_SHARE * len(bounds) else set()
