"""Records from a table: columns `image`, `label`, optional `split`, and any number of reading columns.

A row is a record; several rows may name one image. Numbers (and truth values) become numeric readings, text stays text.
A column that holds anything else, such as lists, is left out with a warning, because no later step could use it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.records.record import Record
from triptych.records.recordset import RecordSet

if TYPE_CHECKING:
    import pandas as pd

MANIFESTS = ("manifest.csv", "manifest.parquet")
_STRUCTURE = ("image", "label", "split")


def read_table(path: Path) -> "pd.DataFrame":
    """A CSV or Parquet file as a table.

    Raises:
        TriptychError: the file is missing, of another kind, or broken.
    """
    import pandas as pd

    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise TriptychError(f"{path}: a manifest is a .csv or .parquet file; save the table as one of them")
    try:
        return pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    except (OSError, ValueError, pd.errors.ParserError) as error:
        reason = " ".join(str(error).split())
        raise TriptychError(f"{path}: not a table that can be read ({reason}); save it again") from None


def manifest_records(path: Path) -> RecordSet:
    """The records of a manifest; images are looked for relative to its folder.

    A record's id is the image as the manifest names it, followed by `#row` where the image serves several rows.
    """
    return frame_records(read_table(path), root=path.parent, name=str(path))


def frame_records(table: "pd.DataFrame", root: StrPath = ".", name: str = "table") -> RecordSet:
    """The records of a table in memory.

    Args:
        table: a row for each record.
        root: the folder below which its image paths are looked for.
        name: what errors call the table.

    Raises:
        TriptychError: the column `image` is missing, or the table is empty.
    """
    root = as_path(root)
    table = table.rename(columns=str)
    if "image" not in table.columns:
        found = ", ".join(table.columns)
        raise TriptychError(f"{name}: there is no column 'image'; found {found}. Rename the column of picture paths")
    if table.empty:
        raise TriptychError(f"{name}: the table has no rows; add a row for every record")
    warnings, columns = [], {}
    for column in (c for c in table.columns if c not in _STRUCTURE):
        kept = _readings_column(table[column])
        if kept is None:
            warnings.append(f"{name}: column {column!r} holds neither numbers nor text and is left out")
        else:
            columns[column] = kept
    images = [str(image) for image in table["image"]]
    shared = set(table["image"][table["image"].duplicated()].astype(str))
    records = (
        Record(
            id=f"{image}#{row}" if image in shared else image,
            image=root / image,
            readings={column: cell for column, cells in columns.items() if (cell := cells[row]) is not None},
            label=_word(table["label"].iloc[row]) if "label" in table else None,
            split=_word(table["split"].iloc[row]) if "split" in table else None,
        )
        for row, image in enumerate(images)
    )
    return RecordSet(tuple(records), tuple(warnings), columns=tuple(columns))


def _word(value: object) -> str | None:
    """A cell of the label or split column; None when it is empty."""
    import pandas as pd

    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _readings_column(column: "pd.Series[float]") -> list[float | str | None] | None:
    """The cells as numbers or text, None where empty; or None when the column is of another type."""
    import pandas as pd
    from pandas.api import types

    if types.is_numeric_dtype(column) and not types.is_complex_dtype(column):  # truth values included
        return [None if value != value else float(value) for value in column.astype(float)]
    cells = [None if types.is_scalar(cell) and pd.isna(cell) else cell for cell in column.astype(object)]
    if types.is_datetime64_any_dtype(column) or all(isinstance(cell, str | None) for cell in cells):
        return [None if cell is None else str(cell) for cell in cells]
    return None
