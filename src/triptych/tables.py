"""Tables as users want them: CSV, Parquet, JSON or JSON lines, by the name of the file."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.errors import TriptychError

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".parquet", ".json", ".jsonl")


def check_output(path: Path, suffixes: Sequence[str] = SUFFIXES) -> Path:
    """`path`, once it is sure that a file can be written there: before the work is done, not after.

    Raises:
        TriptychError: the name ends otherwise, or the place cannot be written.
    """
    if path.suffix.lower() not in suffixes:
        raise TriptychError(f"{path}: the output's name must end in {', '.join(suffixes)}; choose one of them")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise TriptychError(f"{path}: cannot be written ({error.strerror}); choose another place") from None
    return path


def write_table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], path: Path) -> None:
    """Write `rows` with exactly `columns`, in that order; a missing cell is empty (null in JSON)."""
    import pandas as pd

    table = pd.DataFrame([{name: row.get(name) for name in columns} for row in rows], columns=list(columns))
    suffix = path.suffix.lower()
    if suffix == ".csv":
        table.to_csv(path, index=False)
    elif suffix == ".parquet":
        _one_type_each(table).to_parquet(path, index=False)
    else:
        records = [{name: _plain(row.get(name)) for name in columns} for row in rows]
        _write_json(records, path, lines=suffix == ".jsonl")


def _write_json(records: Sequence[Mapping[str, object]], path: Path, *, lines: bool) -> None:
    import json

    if lines:
        path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records), encoding="utf-8")
    else:
        path.write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")


def _plain(value: object) -> object:
    """NaN is no JSON; a missing number is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _one_type_each(table: "pd.DataFrame") -> "pd.DataFrame":
    """Parquet wants one type a column: a column that mixes numbers and words becomes words."""
    for name in table.columns:
        kinds = {type(value) for value in table[name] if value is not None and value == value}
        if len(kinds) > 1 and not kinds <= {int, float}:
            table[name] = [None if v is None or v != v else str(v) for v in table[name]]
    return table
