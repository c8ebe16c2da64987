"""Printed numbers and units: text -> a number in micrometres.

OCR reads a lone zero as a letter, a minus sign as another kind of dash and a decimal point as a comma. A text that
can only be a number is read as that number. Ambiguous cases are left to the consistency checks (`checks`).

A number may have its sign behind it or be in brackets for a minus, and may be followed by an exponent, a unit, its
percentage of a whole ("143 (29.4%)") or a tolerance ("1.58 ± 0.11").
"""

import math
import re
import unicodedata
from collections.abc import Iterable
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
    '"': 25_400.0,
    "μin": 0.0254,
    "uin": 0.0254,
    "微米": 1.0,
    "ミクロン": 1.0,
    "мкм": 1.0,
    "毫米": 1000.0,
    "ミリ": 1000.0,
    "мм": 1000.0,
    "密耳": 25.4,
    "英寸": 25_400.0,
    "英吋": 25_400.0,
}
UNIT_PATTERN = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_DASHES = dict.fromkeys(map(ord, "−–—‒―﹣－一"), "-")
_DOUBLED = re.compile(r"(?<![A-Za-z])[μu]{2}m\b")  # OCR reads μ twice
_DIGITS = str.maketrans("OoQDØøθΘ〇口lI|!SsBZ", "000000000011115582")
DOTTED_ZEROS = frozenset("日曰目")  # as which OCR reads a lone zero with a dot or stroke in it
_ZEROS_AND_ONES = frozenset("OoQDØøθΘ〇口lI|.,+-")
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?P<digits>\d+(?:[.,]\d*)?|[.,]\d+)(?:(?:[eE]|[x×·*]10\^)(?P<power>[+-]\d{{1,2}}))?"
    rf"(?P<unit>{UNIT_PATTERN}|(?!PM)(?i:{UNIT_PATTERN}))?2?"
)
_CODE = re.compile(r"[BSZDQ]\d{3,}|[0O]K", re.IGNORECASE)  # such as a lot, and a verdict
_NEWTON_METRES = re.compile(r"(?<![A-Za-z])N ?m(?![A-Za-z])")  # no nanometres
_POWER_OR_UNIT = re.compile(rf"[eE^]|(?:{UNIT_PATTERN})$")  # whose letters are none of those digits
# Units of other quantities, and of counts. A single letter must stand apart: OCR reads digits as letters.
_OTHER_UNITS = "|".join([
    "rpm|RPM|[rR]ev/min|1/min|k?m/min|[mμu]?m/(?:s|sec|min|rev)|ms|sec|SEC|min|MIN|hrs?|HRS?|[hsHS秒分時时]",
    "°|°{0,2} ?[CFK]|deg|m?rad|[mkμu]?V|[mkμun]?A|[mkMμu]?W|[kMG]?Hz|m?bar|[hkMG]?Pa|psi|PSI|[mk]?N|[mkμu]?g|mil²",
    r"[mckμu]?N[·.*]?[mc]?m|N/mm[2²]?|lbf?|ozf?|[mk]?J|[mkMG]?[ΩQ]|[kMGm]?[oO]hms?|[pnμu]F|dB[mA]?|lx",
    r"HR[A-C]|H(?:V|BW?)(?: ?\d+(?:[.,/]\d+)*)?",
    r"(?:[mcdμun]?m|in)[23²³]|m?[lL](?:/min)?|sccm|mbar[·.]?l/s|Pa[·.]?m³/s|m?Pa[·.]s|cP|cps|dpi|px|%RH|[wv]t%",
    r"[a-zA-ZμΩ°]{1,4}/[a-zA-Zμ]{1,4}[23²³]?",
    r"[uU]ds?\.?|[uU]nid\.?|[pP]zs?\.?|pezzi|pi[eè]ces?|pces",
    r"pp[mb]|PP[MB]|dpmo|DPMO|pcs?\.?|PCS|ea|EA|St(?:k|ck)\.?|[個个孔穴片点點件颗顆枚本개]",
])  # fmt: skip
_QUANTITY = re.compile(
    rf"(.*\d)(?:\s+|(?<=[.,]\d)(?=s$)|(?<=[.,]\d\d)(?=s$)|(?<=\d)(?=[^\W\d_]{{2}}|[gNVWAKFh]$|°|[^\x00-\x7f]))(?:{_OTHER_UNITS})"
)
_COUNTED = re.compile(
    r"rpm|[rR]ev|1/min|dpmo|pp|pcs|ea|st(?:k|ck)|uds?|unid|pz|pezzi|pi[eè]ces?|pces|[個个孔穴片点點件颗顆枚本개]",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"(?<=\d)[,.'](?=\d{3}(?:[,.']\d{3})*([.,])\d+(?!.*\1))")
_THOUSANDS = re.compile(r"(?<=\d)[,.'](?=\d{3}(?!\d))")
_POINT_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.])")
_COMMA_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
_SURELY_DECIMAL = r"(?<![\d.,])(?:\d+{0}(?:\d{{1,2}}|\d{{4,}})|(?:0|\d{{4,}}){0}\d+)(?![\d.,])|\d{1}\d{{3}}{0}\d"
_BY_POINT = re.compile(_SURELY_DECIMAL.format(r"\.", ","))
_BY_COMMA = re.compile(_SURELY_DECIMAL.format(",", r"\."))
_APART = re.compile(r"\d \d(?!\d\d(?!\d))")  # digits that a space separates, and that are not groups of thousands
_BORDER = re.compile(r"^[\[|][^\]]*$|^[^\[]*[\]|]$")  # a line beside the number, read as a bracket
_IN_BRACKETS = re.compile(r"\((\d*[.,]\d+)\)(\D*)")  # a whole number in brackets may be a footnote
_SIGN_BEHIND = re.compile(r"(\d[\d.,]*)-")
_WITH_SHARE = re.compile(r"(.*?\d)(?:\s*[(\[/|]\s*|\s+)(\d+(?:[.,]\d+)?)\s*%\s*[)\]]?")
_WITH_TOLERANCE = re.compile(r"(.*?\d)\s*(?:±|\+/-|\+-)\s*(\d.*)")
_MISSING = re.compile(r"-+|nan|n\.?/?a\.?|none|null|k\.\s?a\.", re.IGNORECASE)
_UNIT_STATEMENT = re.compile(
    r"(?:(?:(?:all|values?|units?|einheit(?:en)?|unit[éeà]s?|unidad(?:es)?|in)\b|[单單単]位|단위)[:= ]*)*"
    r"[\[(]?(\w+)[\]) .]*"
)


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
    return _DOUBLED.sub("μm", unicodedata.normalize("NFKC", text).translate(_DASHES).strip())


def lower(text: str) -> str:
    """`text` as from `tidy`, in lower case; only there, Nm would become nm."""
    return tidy(_NEWTON_METRES.sub("N·m", text)).lower()


def parse_number(text: str) -> Number | None:
    """The number in `text`, with its unit if there is one; None when `text` is not a number.

    Letters are read as the digits that they resemble only if the whole text is then a number, and if it has a digit or
    consists of zeros and ones: "O" is 0 and "1O" is 10, but "ID" and "B" are names, and "B76744" is a lot.
    """
    if _QUANTITY.fullmatch(tidy(text)) or _CODE.fullmatch(tidy(text)):
        return None
    plain = _GROUPS.sub("", _bare(text))
    for candidate in (plain, _with_digits(plain)):
        if match := _NUMBER.fullmatch(candidate):
            digits, power = match["digits"].replace(",", "."), int(match["power"] or 0)
            decimals = max(0, len(digits.partition(".")[2]) - power)
            value = float(f"{match['sign']}{digits}e{power}")
            return Number(value, decimals, UNITS.get((match["unit"] or "").lower()), bool(match["sign"]))
    return None


def as_digits(text: str) -> str:
    """`text` with letters replaced by the digits that they resemble if it is a number, else unchanged: "1O" is "10"."""
    return tidy(text).translate(_DIGITS) if parse_number(text) and not _POWER_OR_UNIT.search(tidy(text)) else text


def parse_count(text: str) -> Number | None:
    """The count in `text`, a whole number of at least 0; "1,234" and "1.234" are 1234. None for anything else."""
    if text.strip() in DOTTED_ZEROS:
        return Number(0.0)
    if match := _QUANTITY.fullmatch(tidy(text)):
        text = match[1]
    number = parse_number(_THOUSANDS.sub("", _bare(text)))
    return number if number and number.value >= 0 and number.decimals == 0 else None


def parse_percent(text: str) -> Number | None:
    """The number in `text`, a percentage such as "29.4 %"; None for anything else."""
    plain = tidy(text).strip("()[] ")
    return parse_number(plain[:-1]) if plain.endswith("%") else None


def parse_quantity(text: str) -> Number | None:
    """The number in `text` if a unit of another quantity than length follows it, such as "28.0 s"; else None."""
    match = _QUANTITY.fullmatch(tidy(text))
    if match is None or _CODE.fullmatch(tidy(text)):
        return None
    counted = _COUNTED.match(tidy(text)[match.end(1) :].strip())
    return (counted and parse_count(match[1])) or parse_number(match[1])


def decimal_mark(texts: Iterable[str]) -> str:
    """The decimal mark of the numbers in `texts`, "." or ","; "" if none of them tells it, or they differ.

    "1.58" tells it, and "0.191"; "46.718" may have a decimal point or thousands.
    """
    numbers = [tidy(text) for text in texts]
    marks = [mark for mark, form in ((".", _BY_POINT), (",", _BY_COMMA)) if any(map(form.search, numbers))]
    return marks[0] if len(marks) == 1 else ""


def without_groups(text: str, mark: str) -> str:
    """`text` without separators of thousands, on a page whose decimal mark is `mark`."""
    groups = {".": (_COMMA_GROUPS, ","), ",": (_POINT_GROUPS, ".")}.get(mark)
    return groups[0].sub(lambda match: match[0].replace(groups[1], ""), text) if groups else text


def further_number(text: str) -> tuple[str, Number] | None:
    """The second number that is printed with a number: "%" and 29.4 in "143 (29.4%)", "±" and 0.11 in "1.58 ± 0.11"."""
    for sign, form in (("%", _WITH_SHARE), ("±", _WITH_TOLERANCE)):
        match = form.fullmatch(tidy(text))
        if match and parse_number(match[1]) and (number := parse_number(match[2]) or parse_quantity(match[2])):
            return sign, number
    return None


def is_missing(text: str) -> bool:
    """Whether `text` says that there is no value: dashes, "NaN" or "n/a"."""
    return _MISSING.fullmatch(tidy(text)) is not None


def _bare(text: str) -> str:
    """`text` without spaces, percentage and tolerance, and with its sign in front."""
    plain = tidy(text).lstrip(":=± ")
    if _BORDER.search(plain):
        plain = plain.strip("[]| ")
    for form in (_WITH_SHARE, _WITH_TOLERANCE):
        if match := form.fullmatch(plain):
            plain = match[1]
    if _APART.search(plain.partition(".")[0].partition(",")[0]):
        return plain
    plain = plain.replace(" ", "")
    if match := _IN_BRACKETS.fullmatch(plain):
        return f"-{match[1]}{match[2]}"
    match = _SIGN_BEHIND.fullmatch(plain)
    return f"-{match[1]}" if match else plain


def _with_digits(plain: str) -> str:
    """`plain` with letters replaced by the digits that they resemble, if it can be a number."""
    alone = set(plain) <= _ZEROS_AND_ONES and (len(plain) == 1 or not plain.isalpha())
    return plain.translate(_DIGITS) if alone or any(map(str.isdigit, plain)) else plain


def parse_unit(text: str) -> float | None:
    """Micrometres in the unit that is all `text` names ("um", "[mm]", "Unit: mil", "all values in um"), or None."""
    match = _UNIT_STATEMENT.fullmatch(lower(text))
    return UNITS.get(match[1]) if match else None


def roundest(value: float, tolerance: float) -> float:
    """The roundest number within `tolerance` of `value`: the likely original of a converted and rounded number."""
    if math.isinf(value):
        return value
    candidates = (round(round(value / step) * step, 6) for step in (1.0, 0.5, 0.1, 0.05, 0.01, 0.001))
    return next((number for number in candidates if abs(number - value) <= tolerance), value)
