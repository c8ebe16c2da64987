"""Parses printed field names: "Mean X", "σy [mm]", "R≤4", "8~10 um" -> a `Label`.

The words of a name may be in any order and language, and all of them must be known (`vocabulary`): "Mean X" is a mean,
"Mean X error" is another field. A name may be split between a row's label and a column's heading ("Mean" and "X");
such labels are merged.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from triptych.reading.units import UNIT_PATTERN, UNITS, lower, roundest, tidy
from triptych.reading.vocabulary import Vocabulary, built_in, spaced, unaccented
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL

RING = "ring"

Statistic = Literal["total", "mean", "sigma", "variance"]

_MISREAD = {"o": "σ", "0": "σ", "u": "μ", "p": "μ", "h": "μ"}  # how OCR reads Greek letters before x or y
_BARRED = re.compile("([xy])\u0304")
_MULTIPLE = re.compile(r"\b([2-6])\s*[x*×·]?\s*(?=σ|sigma)")
_BRACKETED_UNIT = re.compile(rf"[\[(]\s*({UNIT_PATTERN})2?\s*[\])]|(?<![a-z])({UNIT_PATTERN})2?$")

_UNIT_AT_END = re.compile(rf"\s*[\[(]\s*({UNIT_PATTERN})\s*[\])]$")
_RING_UNIT = re.compile(rf"({UNIT_PATTERN})[)\]]?$")
_LOOKALIKES = str.maketrans("oil", "011")


@dataclass(frozen=True)
class Ring:
    """Holes at radii from `low` to below `high` (may be infinite), as printed, with `decimals` decimal places."""

    low: float
    high: float
    decimals: int = 0

    def bounds(self, unit: float) -> tuple[float, float]:
        """The radii in micrometres, given the micrometres in the printed unit; rounded within the printed precision."""
        tolerance = 0.5 * 10.0**-self.decimals * unit
        return roundest(self.low * unit, tolerance), roundest(self.high * unit, tolerance)


@dataclass(frozen=True)
class Label:
    """The meaning of one printed name; parts that it does not state are None.

    Attributes:
        statistic: the kind of number.
        axis: the axis that it refers to.
        ring: the radii between which holes are counted.
        unit: micrometres in the unit that the name states.
        multiple: the number of sigmas that is printed (3 for "3σ").
    """

    statistic: Statistic | None = None
    axis: Literal["x", "y"] | None = None
    ring: Ring | None = None
    unit: float | None = None
    multiple: float = 1.0

    @property
    def field(self) -> str | None:
        """The field's name as in `records.fields`, `RING` for any ring, None if the label is incomplete."""
        if self.ring:
            return RING
        if self.statistic == "total":
            return TOTAL if self.axis is None else None
        if self.statistic is None or self.axis is None:
            return None
        mean, sigma = (MEAN_X, SIGMA_X) if self.axis == "x" else (MEAN_Y, SIGMA_Y)
        return mean if self.statistic == "mean" else sigma

    def merge(self, heading: "Label") -> "Label":
        """A row's label completed from its column's heading; where both state a part, the row's is taken."""
        unit = self.unit if self.unit is not None else heading.unit
        if self.field:
            return Label(self.statistic, self.axis, self.ring, unit, self.multiple)
        statistic, axis = self.statistic or heading.statistic, self.axis or heading.axis
        return Label(statistic, axis, heading.ring, unit, self.multiple * heading.multiple)


def parse_label(text: str, vocabulary: Vocabulary | None = None) -> Label | None:
    """The meaning of the printed name `text`, or None if any of its words is unknown.

    Args:
        text: the name as printed.
        vocabulary: the known words; None: those that come with Triptych.
    """
    vocabulary = vocabulary or built_in()
    plain = lower(text).strip(" :=.")
    if ring := _parse_ring(plain, vocabulary):
        return ring
    unit = _BRACKETED_UNIT.search(plain)
    if unit:
        plain = plain[: unit.start()] + plain[unit.end() :]
        if ring := _parse_ring(plain.strip(" :=.,"), vocabulary):
            return Label(ring=ring.ring, unit=UNITS[unit[1] or unit[2]])
    return _parse_words(plain, UNITS[unit[1] or unit[2]] if unit else None, vocabulary)


def unit_in(text: str) -> float | None:
    """Micrometres in the unit in brackets at the end of the printed name `text`, such as "Value [mm]", or None."""
    match = _UNIT_AT_END.search(lower(text))
    return UNITS[match[1]] if match else None


def without_unit(text: str) -> str:
    """The printed name `text` without a unit in brackets at its end."""
    match = _UNIT_AT_END.search(lower(text))
    return tidy(text)[: match.start()] if match else text


def _parse_ring(plain: str, vocabulary: Vocabulary) -> Label | None:
    if not any(map(str.isdigit, plain.translate(_LOOKALIKES))):
        return None
    bare = vocabulary.between.sub(r"\1~", vocabulary.before_ring.sub("", unaccented(plain)))
    # Two numbers separated by a space only are a ring and its count, not one number.
    compact = re.sub(r"(?<=\d) +(?=\d)", "|", bare).replace(" ", "")
    bounds = _ring_bounds(compact, vocabulary) or _ring_bounds(compact.translate(_LOOKALIKES), vocabulary)
    if not bounds:
        return None
    low, high = (bound.replace(",", ".") for bound in bounds)
    ring = Ring(float(low), float(high), max(len(bound.partition(".")[2]) for bound in (low, high)))
    unit = _RING_UNIT.search(compact)
    return Label(ring=ring, unit=UNITS[unit[1]] if unit else None) if ring.low < ring.high else None


def _ring_bounds(compact: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    if match := vocabulary.interval.fullmatch(compact):
        return match[1], match[2]
    if match := vocabulary.inside.fullmatch(compact):
        return "0", match[1] or match[2]
    if match := vocabulary.outside.fullmatch(compact):
        return match[1] or match[2], "inf"
    return None


def _parse_words(plain: str, unit: float | None, vocabulary: Vocabulary) -> Label | None:
    plain = re.sub(r"\b([a-z])\.([a-z])\.?(?![a-z])", r"\1\2", plain)  # "s.d."
    plain = _BARRED.sub(r" mean \1 ", plain.replace("ȳ", " mean y ")).replace("#", " count ")
    if "+" in plain:  # "X + 3σ" is another statistic
        return None
    multiple = _MULTIPLE.search(plain)
    if multiple:
        plain = plain[: multiple.start()] + plain[multiple.end() :]
    words = [f"{_MISREAD[word[0]]}{word[1]}" if _is_misread(word) else word for word in spaced(plain).split()]
    if " ".join(word for word in words if vocabulary.roles.get(word) not in ("x", "y")) in vocabulary.kinds:
        return None  # "Range X" is another statistic, though "range" is a filler
    roles = vocabulary.meanings(" ".join(words))
    if roles is None:
        return None
    found = set(roles)
    statistics: set[Statistic] = {name for name in get_args(Statistic) if name in found}
    axes: set[Literal["x", "y"]] = {axis for axis in get_args(Literal["x", "y"]) if axis in found}
    if not statistics and not axes and "counted" in found:
        statistics = {"total"}
    if len(statistics) > 1 or len(axes) > 1 or not (statistics or axes or unit):
        return None
    factor = float(multiple[1]) if multiple else 1.0
    return Label(next(iter(statistics), None), next(iter(axes), None), None, unit, factor)


def _is_misread(word: str) -> bool:
    return len(word) == 2 and word[0] in _MISREAD and word[1] in "xy"
