"""The columns of a table, read as text or as readings.

A CSV file holds only text, so whether a column holds numbers is decided from all of its cells. A table in memory or in
Parquet has types. Only an empty cell is missing. `NA`, `None` and the like are text, except among numbers, where they
count as missing numbers, with a warning.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

Reading = float | str | None
NO_NUMBERS = frozenset({"nan", "na", "n/a", "#n/a", "n.a.", "null", "none", "nil", "-", "--", "?", ".", "inf", "-inf"})
"""Texts that stand for a missing number, in lower case."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?")  # 1.234,5
_TRUTH = {"true": 1.0, "false": 0.0}
SHOWN = 3  # cells that a warning lists


@dataclass(frozen=True)
class ColumnReadings:
    """A column of readings.

    Attributes:
        cells: numbers or text, None where missing; None in all if the column holds neither.
        warning: a note on how the column was read, without its name; may be empty.
    """

    cells: list[Reading] | None
    warning: str = ""


class Column(Protocol):
    """The cells of one column."""

    def text(self) -> list[str | None]:
        """The cells as text, without surrounding blanks; None where empty."""

    def readings(self) -> ColumnReadings:
        """The cells as numbers or text."""


@dataclass(frozen=True)
class CsvColumn:
    """A column of a CSV file; with `comma`, commas may be decimal commas, because they are not the delimiter."""

    cells: Sequence[str]
    comma: bool = False

    def text(self) -> list[str | None]:
        """The unchanged cells, without surrounding blanks; None where empty."""
        return [cell.strip() or None for cell in self.cells]

    def readings(self) -> ColumnReadings:
        """Numbers, if every non-empty cell is one; else the unchanged text."""
        cells = [cell if cell.strip() else None for cell in self.cells]
        words = [cell.strip() for cell in self.cells if cell.strip()]
        if not words:
            return ColumnReadings([*cells])
        if all(word.casefold() in _TRUTH for word in words):
            return ColumnReadings([None if cell is None else _TRUTH[cell.strip().casefold()] for cell in cells])
        odd = Counter(word for word in words if not _NUMBER.fullmatch(word))
        if not odd:
            return _numbers(cells, _plain, [])
        if self._has_decimal_commas(words):
            return _numbers(cells, _with_comma, ["decimal commas are read as decimal points"])
        if len(words) > odd.total() and all(word.casefold() in NO_NUMBERS for word in odd):
            return _numbers(cells, _plain, [])
        if 2 * odd.total() <= len(words):
            found = f"holds {len(words) - odd.total()} numbers, but also {_listed(odd)}"
            return ColumnReadings(
                [*cells], f"{found}; it is read as text. Correct or empty these cells to use the numbers"
            )
        return ColumnReadings([*cells])

    def _has_decimal_commas(self, words: Sequence[str]) -> bool:
        """Whether all words can be numbers with decimal commas, and at least one can be nothing else."""
        numbers = [word for word in words if word.casefold() not in NO_NUMBERS]
        commas = [word for word in numbers if "," in word]
        certain = self.comma or any(not re.search(r",\d{3}$", word) for word in commas)
        return bool(commas) and certain and all(_COMMA_NUMBER.fullmatch(word) for word in numbers)


@dataclass(frozen=True)
class TypedColumn:
    """A column of a table in memory or in a Parquet file."""

    cells: "pd.Series[Any]"

    def text(self) -> list[str | None]:
        """The cells as text; whole numbers have no decimal point, even if missing cells made them floats."""
        cells = _present(self.cells)
        whole = all(float(cell).is_integer() for cell in cells if _is_float(cell))
        texts = [str(int(cell)) if whole and _is_float(cell) else str(cell) for cell in cells]
        return [None if cell is None else text.strip() or None for cell, text in zip(cells, texts, strict=True)]

    def readings(self) -> ColumnReadings:
        """Numbers and booleans as numbers, text and times as text."""
        cells = _present(self.cells)
        held = [cell for cell in cells if cell is not None]
        if all(_is_number(cell) for cell in held):
            return _numbers(cells, _to_float, [])
        if not all(isinstance(cell, str) or _is_number(cell) or hasattr(cell, "isoformat") for cell in held):
            return ColumnReadings(None)
        odd = Counter(str(cell) for cell in held if not _is_number(cell))
        mixed = 0 < odd.total() < len(held)
        warning = f"holds numbers and text such as {_listed(odd)}; it is read as text" if mixed else ""
        texts = [None if cell is None else str(cell) for cell in cells]
        return ColumnReadings([cell if cell and cell.strip() else None for cell in texts], warning)


def _numbers(cells: Sequence[Any], parse: Any, notes: list[str]) -> ColumnReadings:
    """The cells as numbers; cells that are not finite numbers are missing, with a warning."""
    numbers: list[Reading] = []
    odd: Counter[str] = Counter()
    for cell in cells:
        value = None if cell is None else parse(cell)
        finite = value is not None and math.isfinite(value)
        numbers.append(value if finite else None)
        if cell is not None and not finite:
            odd[str(cell).strip()] += 1
    if odd:
        notes = [*notes, f"among numbers, {_listed(odd)} count(s) as missing"]
    return ColumnReadings(numbers, "; ".join(notes))


def _plain(cell: str) -> float:
    return float(cell) if _NUMBER.fullmatch(cell.strip()) else math.nan


def _with_comma(cell: str) -> float:
    return _plain(cell.replace(".", "").replace(",", ".")) if _COMMA_NUMBER.fullmatch(cell.strip()) else math.nan


def _to_float(cell: Any) -> float:
    try:
        return float(cell)
    except OverflowError:
        return math.inf


def _is_float(cell: object) -> bool:
    import numpy as np

    return isinstance(cell, float | np.floating)


def _is_number(cell: object) -> bool:
    from decimal import Decimal
    from numbers import Real

    import numpy as np

    return isinstance(cell, Real | Decimal | np.bool_)


def _present(cells: "pd.Series[Any]") -> list[Any]:
    """The cells, None where one is missing."""
    import pandas as pd
    from pandas.api import types

    return [None if types.is_scalar(cell) and pd.isna(cell) else cell for cell in cells.astype(object)]


def _listed(cells: Counter[str]) -> str:
    """Such as `'NaN' (3 times), '-'`, and the number of further ones."""
    named = [repr(cell) + (f" ({count} times)" if count > 1 else "") for cell, count in cells.most_common(SHOWN)]
    return ", ".join(named) + (f" and {len(cells) - SHOWN} more" if len(cells) > SHOWN else "")
