"""Parses printed field names: "Mean X", "σy [mm]", "R≤4", "8~10 um" -> a `Label`.

The words of a name may be in any order, and all of them must be known: "Mean X" is a mean, "Mean X error" is another
field. A name may be split between a row's label and a column's heading ("Mean" and "X"); such labels are merged.
"""

import re
from dataclasses import dataclass
from typing import Literal

from triptych.reading.units import UNIT_PATTERN, UNITS, roundest, tidy
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL

RING = "ring"

Statistic = Literal["total", "mean", "sigma", "variance"]

_STATISTICS: dict[str, Statistic] = {
    **dict.fromkeys(["total", "n", "count", "counts", "qty", "quantity", "number", "num", "sum"], "total"),
    **dict.fromkeys(["mean", "bar", "avg", "average", "μ", "mu", "centroid"], "mean"),
    **dict.fromkeys(["sigma", "σ", "sd", "std", "stdev", "stddev", "standard", "s"], "sigma"),
    **dict.fromkeys(["variance", "var", "σ2", "sigma2", "s2"], "variance"),
}
_AXES: dict[str, Literal["x", "y"]] = {"x": "x", "y": "y"}
_COUNTED = frozenset(["hole", "holes", "point", "points", "hit", "hits", "dots", "drills"])
_FILLERS = _COUNTED | frozenset(
    ("of", "the", "in", "at", "all", "drilled", "position", "pos", "coordinate", "axis", "direction", "value")
)
_FILLERS |= frozenset(("deviation", "dev", "radius", "ring", "range", "r"))

_STATISTIC = "mean|bar|avg|average|sigma2?|stdev|stddev|std|sd|var|variance|mu|[μs]|σ2?"
_GLUED = re.compile(rf"({_STATISTIC})([xy])|([xy])({_STATISTIC})")
_MISREAD = {"o": "σ", "0": "σ", "u": "μ", "p": "μ", "h": "μ"}  # how OCR reads Greek letters before x or y
_BARRED = re.compile("([xy])\u0304")
_MULTIPLE = re.compile(r"\b([2-6])\s*[x*×·]?\s*(?=σ|sigma)")
_BRACKETED_UNIT = re.compile(rf"[\[(]\s*({UNIT_PATTERN})2?\s*[\])]|(?<![a-z])({UNIT_PATTERN})2?$")

_RADIUS = rf"(\d+(?:[.,]\d+)?|[.,]\d+)(?:{UNIT_PATTERN})?"
_RING_WORDS = re.compile(
    r"(?:ring|radius|range|bin|zone|band|distance|dist|holes?|count|n|r(?= *\d))\b[ :.]*|\bholes?$"
)
_LOOKALIKES = str.maketrans("oil", "011")
_INTERVAL = re.compile(rf"[(\[]?{_RADIUS}(?:-|~|to|\.\.+|…|[,;:]|(?:<|<=|≤)[rd](?:<|<=|≤)){_RADIUS}[)\]]?")
_INSIDE = re.compile(rf"[rd]?(?:<=?|≤|=<|within|inside|under|below|upto){_RADIUS}")
_OUTSIDE = re.compile(
    rf"[rd]?(?:>=?|≥|=>|over|beyond|outside|above){_RADIUS}"
    rf"|{_RADIUS}(?:\+|(?:-|~|to|\.\.+)(?:inf|∞|max)|over|andover|ormore)"
)


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


def parse_label(text: str) -> Label | None:
    """The meaning of the printed name `text`, or None if any of its words is unknown."""
    plain = tidy(text).lower().strip(" :=.")
    if ring := _parse_ring(plain):
        return ring
    unit = _BRACKETED_UNIT.search(plain)
    if unit:
        plain = plain[: unit.start()] + plain[unit.end() :]
        if ring := _parse_ring(plain.strip(" :=.,")):
            return Label(ring=ring.ring, unit=UNITS[unit[1] or unit[2]])
    return _parse_words(plain, UNITS[unit[1] or unit[2]] if unit else None)


def _parse_ring(plain: str) -> Label | None:
    # Two numbers separated by a space only are a ring and its count, not one number.
    compact = re.sub(r"(?<=\d) +(?=\d)", "|", _RING_WORDS.sub("", plain)).replace(" ", "")
    bounds = _ring_bounds(compact) or _ring_bounds(compact.translate(_LOOKALIKES))
    if not bounds:
        return None
    low, high = (bound.replace(",", ".") for bound in bounds)
    ring = Ring(float(low), float(high), max(len(bound.partition(".")[2]) for bound in (low, high)))
    unit = re.search(rf"({UNIT_PATTERN})[)\]]?$", compact)
    return Label(ring=ring, unit=UNITS[unit[1]] if unit else None) if ring.low < ring.high else None


def _ring_bounds(compact: str) -> tuple[str, str] | None:
    if match := _INTERVAL.fullmatch(compact):
        return match[1], match[2]
    if match := _INSIDE.fullmatch(compact):
        return "0", match[1]
    if match := _OUTSIDE.fullmatch(compact):
        return match[1] or match[2], "inf"
    return None


def _parse_words(plain: str, unit: float | None) -> Label | None:
    plain = re.sub(r"\b([a-z])\.([a-z])\.?(?![a-z])", r"\1\2", plain)  # "s.d."
    plain = re.sub(r"\bno\.? of\b|#", " count ", _BARRED.sub(r" mean \1 ", plain.replace("ȳ", " mean y ")))
    multiple = _MULTIPLE.search(plain)
    if multiple:
        plain = plain[: multiple.start()] + plain[multiple.end() :]
    words = [part for word in re.findall(r"[^\W_]+", plain) for part in _split_glued(word)]
    if any(word not in _STATISTICS and word not in _AXES and word not in _FILLERS for word in words):
        return None
    statistics = {_STATISTICS[word] for word in words if word in _STATISTICS}
    axes = {_AXES[word] for word in words if word in _AXES}
    if not statistics and not axes and any(word in _COUNTED for word in words):
        statistics = {"total"}
    if len(statistics) > 1 or len(axes) > 1 or not (statistics or axes or unit):
        return None
    factor = float(multiple[1]) if multiple else 1.0
    return Label(next(iter(statistics), None), next(iter(axes), None), None, unit, factor)


def _split_glued(word: str) -> list[str]:
    """["mean", "x"] for "meanx"; [word] for any other word."""
    if len(word) == 2 and word[0] in _MISREAD and word[1] in _AXES:
        return [_MISREAD[word[0]], word[1]]
    match = _GLUED.fullmatch(word)
    return [part for part in match.groups() if part] if match else [word]
