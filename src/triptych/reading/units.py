"""Printed numbers and units: text -> a number in micrometres.

OCR reads a lone zero as a letter, a minus sign as another kind of dash and a decimal point as a comma. A text that
can only be a number is read as that number. Ambiguous cases are left to the consistency checks (`checks`).
"""

import math
import re
import unicodedata
from dataclasses import dataclass

# Micrometres in one unit. "pm" is a misread μm; drilled holes are not measured in picometres.
UNITS = {
    "um": 1.0,
    "μm": 1.0,
    "pm": 1.0,
    "micron": 1.0,
    "microns": 1.0,
    "mm": 1000.0,
    "nm": 0.001,
    "mil": 25.4,
    "mils": 25.4,
    "thou": 25.4,
    "inch": 25_400.0,
}
UNIT_PATTERN = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_DASHES = dict.fromkeys(map(ord, "−–—‒―﹣－一"), "-")
_LOOKALIKES = str.maketrans("OoQD〇口lI|!SsBZ", "00000011115582")
_NUMBER = re.compile(rf"([+-]?)(\d+(?:[.,]\d*)?|[.,]\d+)({UNIT_PATTERN})?2?")
_THOUSANDS = re.compile(r"(?<=\d)[,.'](?=\d{3}(?!\d))")
_UNIT_STATEMENT = re.compile(r"(?:(?:all|values?|units?|in)\b[:= ]*)*[\[(]?(\w+)[\]) .]*")


@dataclass(frozen=True)
class Number:
    """A printed number.

    Attributes:
        value: as printed, in the printed unit.
        decimals: digits after the decimal point.
        unit: micrometres in the unit printed with it, or None.
        signed: whether a + or - is printed.
    """

    value: float
    decimals: int = 0
    unit: float | None = None
    signed: bool = False


def tidy(text: str) -> str:
    """`text` with dashes and compatibility characters normalised: µ becomes μ, full-width digits become digits."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).strip()


def parse_number(text: str) -> Number | None:
    """The number in `text`, with its unit if there is one; None when `text` is not a number.

    Letters are read as the digits that they resemble only if the whole text is then a number: "O" is 0, "Oil" is not.
    """
    plain = tidy(text).replace(" ", "")
    for candidate in (plain, plain.translate(_LOOKALIKES)):
        if match := _NUMBER.fullmatch(candidate):
            sign, digits, unit = match.groups()
            digits = digits.replace(",", ".")
            return Number(float(sign + digits), len(digits.partition(".")[2]), UNITS.get(unit), bool(sign))
    return None


def parse_count(text: str) -> Number | None:
    """The count in `text`, a whole number of at least 0; "1,234" and "1.234" are 1234. None for anything else."""
    number = parse_number(_THOUSANDS.sub("", tidy(text).replace(" ", "")))
    return number if number and number.value >= 0 and number.decimals == 0 else None


def parse_unit(text: str) -> float | None:
    """Micrometres in the unit that is all `text` names ("um", "[mm]", "Unit: mil", "all values in um"), or None."""
    match = _UNIT_STATEMENT.fullmatch(tidy(text).lower())
    return UNITS.get(match[1]) if match else None


def roundest(value: float, tolerance: float) -> float:
    """The roundest number within `tolerance` of `value`: the likely original of a converted and rounded number."""
    if math.isinf(value):
        return value
    candidates = (round(round(value / step) * step, 6) for step in (1.0, 0.5, 0.1, 0.05, 0.01, 0.001))
    return next((number for number in candidates if abs(number - value) <= tolerance), value)
