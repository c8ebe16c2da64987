"""The identifying fields of records: what names a record or says when it was made, but measures nothing.

| source                         | fields                                                                        |
|--------------------------------|-------------------------------------------------------------------------------|
| columns and printed fields     | serial numbers, dates, codes: their parts, their order, their digits          |
| any text column                | the names of classes that stand in it; a column with a value for each class   |
| the name of the picture's file | its folders, words, numbers and digits; folders of splits and classes are left out |
| the picture's file             | width and height, format, mode, and the date, camera and program in its EXIF data |

A column identifies if its values are dates; if its name says so (`serial`, `lot`, `id`); or if its values are codes or
whole numbers that are (nearly) all different, and the numbers are as dense as a counter. Measured fields are never
tested, however well they separate the classes: totals, means, sigmas and rings by their names, and all other numbers
because they have decimals, repeat, or are spread widely. Nor are words that describe a record, such as `operator`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from triptych.records.fields import MOMENTS, TOTAL, ring_bounds

NEARLY_ALL = 0.9  # share of the records that have a property
UNIQUE = 0.9  # share of different values of an identifier
DENSE = 20  # greatest range of a counter, as a multiple of the number of its values
BINS = 8  # categories that ordered values are divided into, of equal size
MOST_DIGITS = 12
EIGHT_DIGITS = 8  # of a date without separators
STATED, SAME = 0.5, 0.9  # explained shares at which a text states the label, and a column is the label by another name
PARTS = 6  # parts of a code that are fields of their own

_IDENTIFIES = re.compile(
    r"(?:^|[^a-z])(?:id|ids|serial|serials|sn|s/n|lot|lots|batch|charge|los|barcode|file|filename|path|index|row|seq|"
    r"sequence|counter|timestamp|date|datum|key|uuid|guid)(?:$|[^a-z])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PART = re.compile(r"[^\W\d_]+|\d+")
_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y",
    "%Y:%m:%d",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", "T%H:%M", "_%H%M%S", " %H:%M:%S.%f", "T%H:%M:%S.%f")

Value = float | str | None


@dataclass(frozen=True)
class IdentifyingField:
    """One field that is tested.

    Attributes:
        name: in words, such as `serial, part 1` or `size of the picture`.
        source: the column, `file name` or `picture`.
        values: the value of every record: a text is a category, a number is ordered; None is a category of its own.
        is_date: whether the numbers are times.
        least: the least explained share of the labels' entropy that is suspicious; None: that of the configuration.
    """

    name: str
    source: str
    values: Sequence[Value] = field(repr=False)
    is_date: bool = False
    least: float | None = None

    def categories(self) -> NDArray[np.int64]:
        """The category [n] of every record, from 0; ordered values are divided into at most BINS categories."""
        numbers = np.array([value for value in self.values if isinstance(value, float)])
        edges = np.unique(np.quantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1])) if len(numbers) else numbers
        keys = [
            f"bin {np.searchsorted(edges, value, side='right')}" if isinstance(value, float) else f"text {value}"
            for value in self.values
        ]
        places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        return np.array([places[key] for key in keys], dtype=np.int64)


def column_fields(columns: Mapping[str, Sequence[Value]], classes: Sequence[str]) -> list[IdentifyingField]:
    """The identifying fields among named columns; each has a value, or None, for every record."""
    found: list[IdentifyingField] = []
    for name, values in columns.items():
        if name in (TOTAL, *MOMENTS) or ring_bounds(name):
            continue
        texts = [value if value is None else _text(value) for value in values]
        found += _labels(name, values, classes)
        if (times := parse_dates(texts)) is not None:
            found.append(IdentifyingField(f"the date {name}", name, times, is_date=True))
        elif is_identifier(name, values):
            found += code_fields(name, name, texts)
    return found


def is_identifier(name: str, values: Sequence[Value]) -> bool:
    """Whether a column identifies records, by its name or because its values are all different, as a counter's."""
    there = [value for value in values if value is not None]
    if len(there) < 2:
        return False
    named = bool(_IDENTIFIES.search(_CAMEL.sub(" ", name).lower().replace("_", " ")))
    unique = len(set(there)) / len(there) >= UNIQUE
    numbers = [value for value in there if isinstance(value, float)]
    if len(numbers) == len(there):
        whole = all(value.is_integer() for value in numbers)
        return whole and (named or (unique and max(numbers) - min(numbers) <= DENSE * len(numbers)))
    codes = [value for value in there if isinstance(value, str) and _is_code(value)]
    return len(codes) >= NEARLY_ALL * len(there) and (named or unique)


def _is_code(text: str) -> bool:
    return any(c.isdigit() for c in text) and not any(c.isspace() for c in text.strip())


def code_fields(name: str, source: str, texts: Sequence[str | None]) -> list[IdentifyingField]:
    """The parts of codes such as `A12-0034`: letters as categories, numbers in order, and digits of equal lengths."""
    parts = [_PART.findall(text) if text else [] for text in texts]
    found = []
    for place in range(min(PARTS, max(map(len, parts), default=0))):
        column = [part[place] if place < len(part) else None for part in parts]
        label = f"{name}, part {place + 1}" if any(len(part) > 1 for part in parts) else name
        found.append(IdentifyingField(label, source, [_ordered(text) for text in column]))
        found += _digits(label, source, column)
    return [one for one in found if len(set(one.values)) > 1]


def _ordered(text: str | None) -> Value:
    return float(text[:15]) if text is not None and text.isdecimal() else text


def _digits(name: str, source: str, column: Sequence[str | None]) -> Iterator[IdentifyingField]:
    """A field for each digit of numbers of equal length."""
    there = [text for text in column if text is not None]
    lengths = {len(text) for text in there if text.isdecimal()}
    if len(lengths) != 1 or not all(text.isdecimal() for text in there) or not 2 <= max(lengths) <= MOST_DIGITS:
        return
    for place in range(max(lengths)):
        yield IdentifyingField(f"{name}, digit {place + 1}", source, [text and text[place] for text in column])


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.15g}"


def parse_dates(texts: Sequence[str | None]) -> list[Value] | None:
    """The times, in days, if nearly all texts are dates of one format; else None."""
    there = [text for text in texts if text]
    if len(there) < 2:
        return None
    forms = [date + time for date in _DATES for time in _TIMES]
    for form in (form for form in forms if any(_time(text, form) is not None for text in there[:3])):
        found: list[Value] = [_time(text, form) for text in texts]
        if sum(value is not None for value in found) >= NEARLY_ALL * len(there):
            return found
    return None


def _time(text: str | None, form: str) -> float | None:
    """The days since 1970 that `text` means in the format `form`; None if it means none since then."""
    if not text or (text.isdecimal() and len(text) != EIGHT_DIGITS):
        return None
    try:
        days = datetime.strptime(text.strip().removesuffix("Z"), form).replace(tzinfo=UTC).timestamp() / 86_400
    except ValueError:
        return None
    return days if days >= 0 else None


def _labels(name: str, values: Sequence[Value], classes: Sequence[str]) -> list[IdentifyingField]:
    """The classes that stand in a column's words, and the column itself if it has about one value for each class."""
    found = []
    named = [names_in(value, classes) if isinstance(value, str) else "" for value in values]
    if sum(bool(one) for one in named) > 1:
        found.append(
            IdentifyingField(f"the names of classes in {name}", name, [n or None for n in named], least=STATED)
        )
    texts = [value if value is None else _text(value) for value in values]
    distinct = Counter(text for text in texts if text is not None)
    if len(distinct) == len(classes) and min(distinct.values()) > 1:
        found.append(IdentifyingField(f"{name}, as another name of the label", name, texts, least=SAME))
    return found


def names_in(text: str | None, classes: Sequence[str]) -> str:
    """The names of `classes` that stand in `text` as words, joined; empty if none does."""
    words = f" {_plain(text or '')} "
    return ", ".join(name for name in classes if f" {_plain(name)} " in words)


def _plain(text: str) -> str:
    """Words and numbers in lower case, separated by one space: `Type-1_b` and `type1 b` are equal."""
    return " ".join(_PART.findall(text.casefold()))
