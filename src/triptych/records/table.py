"""Tables of records with columns by name, from a file or from memory."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.errors import TriptychError
from triptych.records.delimited import read_delimited
from triptych.records.table_columns import Column, CsvColumn, TypedColumn

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".tsv", ".parquet")
_UNNAMED = re.compile(r"Unnamed: \d+")  # pandas' name for a column without a name, usually a saved index


@dataclass(frozen=True)
class Table:
    """A table of at least one row.

    Attributes:
        name: its name in messages.
        columns: the columns by name, in order; names have no surrounding blanks.
        rows: the name of each row in messages, such as `row 3 (line 4)`.
        warnings: what was left out.
    """

    name: str
    columns: Mapping[str, Column]
    rows: Sequence[str]
    warnings: tuple[str, ...] = ()

    def find(self, role: str) -> str | None:
        """The column called `role`, ignoring case, or None.

        Raises:
            TriptychError: several columns match.
        """
        found = [name for name in self.columns if name.casefold() == role]
        if len(found) > 1:
            names = " and ".join(map(repr, found))
            raise TriptychError(f"{self.name}: the columns {names} both may be {role!r}; rename or remove one of them")
        return found[0] if found else None

    @property
    def found(self) -> str:
        """The names of its columns, for messages."""
        return ", ".join(self.columns)


def open_table(path: Path) -> Table:
    """A CSV or Parquet file as a table.

    Raises:
        TriptychError: the file is missing, of another kind, damaged or without rows, or two columns have one name.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise TriptychError(f"{path}: a manifest is a .csv or .parquet file; save the table as one of them")
    if path.suffix.lower() == ".parquet":
        return frame_table(_read_parquet(path), str(path))
    found = read_delimited(path)
    cells = list(zip(*found.rows, strict=True)) or [()] * len(found.header)
    written = [CsvColumn(column, comma=found.delimiter != ",") for column in cells]
    rows = [f"row {number} (line {line})" for number, line in enumerate(found.lines, start=1)]
    return _table(str(path), found.header, written, rows, found.warnings)


def frame_table(frame: "pd.DataFrame", name: str) -> Table:
    """A table in memory.

    Raises:
        TriptychError: it has no rows, or two columns have one name.
    """
    columns = [TypedColumn(frame.iloc[:, place]) for place in range(frame.shape[1])]
    rows = [f"row {number}" for number in range(1, len(frame) + 1)]
    return _table(name, [str(column) for column in frame.columns], columns, rows, [])


def _read_parquet(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise TriptychError(f"{path}: not a table that can be read ({reason}); save it again") from None


def _table(
    name: str, header: Sequence[str], columns: Sequence[Column], rows: Sequence[str], warnings: Sequence[str]
) -> Table:
    titles = [title.strip() for title in header]
    if twice := [title for title, count in Counter(titles).items() if title and count > 1]:
        places = " and ".join(str(place) for place, title in enumerate(titles, start=1) if title == twice[0])
        raise TriptychError(f"{name}: the columns {places} are both called {twice[0]!r}; rename or remove one of them")
    if not rows:
        raise TriptychError(f"{name}: the table has no rows; add a row for every record")
    named: dict[str, Column] = {}
    left_out = list(warnings)
    for place, (title, column) in enumerate(zip(titles, columns, strict=True), start=1):
        if title and not _UNNAMED.fullmatch(title):
            named[title] = column
        elif any(column.text()):
            left_out.append(f"{name}: column {place} has no name and is left out; give it one to use it")
    return Table(name, named, rows, tuple(left_out))
