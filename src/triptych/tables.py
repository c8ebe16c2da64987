"""Writes tables as CSV, Parquet, JSON or JSON lines, according to the suffix of the file.

Tables are written row by row and atomically. A long table needs little memory, and a full disk leaves no partial file.
"""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from textwrap import indent
from typing import IO, Any

from triptych.errors import TriptychError
from triptych.files import unwritable, whole_file
from triptych.outputs import Recognise, check_free
from triptych.text import ERRORS, printable

SUFFIXES = (".csv", ".parquet", ".json", ".jsonl")
ROW_GROUP = 20_000  # rows per row group of a Parquet file, which are in memory at once

Row = Mapping[str, object]


def check_output(
    path: Path,
    ours: Recognise,
    suffixes: Sequence[str] = SUFFIXES,
    *,
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
) -> Path:
    """Check, before the work is done, that a file can and may be written to `path`, and return `path`.

    Args:
        path: the path.
        ours: recognises an existing file as an earlier output of the same kind, such as `outputs.table_of(columns)`.
        suffixes: the allowed suffixes.
        inputs: the inputs of the command.
        overwrite: whether a file of another kind may be replaced.

    Raises:
        TriptychError: the suffix is not allowed, the file cannot be written, or an existing file may not be replaced.
    """
    if path.suffix.lower() not in suffixes:
        raise TriptychError(f"{path}: the output's name must end in {', '.join(suffixes)}; choose one of them")
    check_free(path, ours, inputs=inputs, overwrite=overwrite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        with path.open("ab"):
            pass
        if not existed:
            path.resolve().unlink()
    except OSError as error:
        raise unwritable(path, error) from None
    return path


def write_table(rows: Iterable[Row], columns: Sequence[str], path: Path) -> None:
    """Write `rows` with exactly `columns`, in this order; missing cells are empty (null in JSON).

    Args:
        rows: any number of rows; must be iterable more than once.
        columns: the names of the columns.
        path: a file with one of `SUFFIXES`.

    Raises:
        TriptychError: the file cannot be written; an existing file is unchanged.
    """
    suffix, plain = path.suffix.lower(), _PlainRows(rows, columns)
    with whole_file(path) as part:
        if suffix == ".parquet":
            _write_parquet(plain, part)
            return
        with part.open("w", newline="", encoding="utf-8", errors=ERRORS) as stream:
            if suffix == ".csv":
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(columns)
                writer.writerows(row.values() for row in plain)
            elif suffix == ".jsonl":
                stream.writelines(f"{_json(row)}\n" for row in plain)
            else:
                _write_array(plain, stream)


class _PlainRows:
    """Rows with exactly the wanted cells, iterable any number of times; a missing number is None."""

    def __init__(self, rows: Iterable[Row], columns: Sequence[str]) -> None:
        self.rows, self.columns = rows, columns

    def __iter__(self) -> Iterator[dict[str, object]]:
        for row in self.rows:
            yield {name: _plain(row.get(name)) for name in self.columns}


def _plain(value: object) -> object:
    """`value`; a number that is not finite becomes None, because JSON has no NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _json(row: Row, spaces: int | None = None) -> str:
    return json.dumps(row, ensure_ascii=False, indent=spaces)


def _write_array(rows: Iterable[Row], stream: IO[str]) -> None:
    stream.write("[")
    stream.writelines(f"{',' if index else ''}\n{indent(_json(row, 1), ' ')}" for index, row in enumerate(rows))
    stream.write("\n]\n")


def _write_parquet(rows: _PlainRows, path: Path) -> None:
    """Write Parquet, which needs one type per column. A first pass finds it; columns of mixed types become text."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds: dict[str, set[type]] = {name: set() for name in rows.columns}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                kinds[name].add(type(value))
    chosen = {name: _one_type(found) for name, found in kinds.items()}
    types = {str: pa.string(), float: pa.float64(), int: pa.int64(), bool: pa.bool_()}
    schema = pa.schema([(printable(name), types[kind]) for name, kind in chosen.items()])
    with parquet.ParquetWriter(path, schema) as writer:
        rest = iter(rows)
        while group := list(islice(rest, ROW_GROUP)):
            columns = [[_cast(row[name], kind) for row in group] for name, kind in chosen.items()]
            arrays = [pa.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _one_type(found: set[type]) -> type:
    """The type that holds all values of a column."""
    if len(found) == 1 and (only := next(iter(found))) in (str, float, int, bool):
        return only
    return float if found and found <= {int, float} else str


def _cast(value: Any, kind: type) -> object:
    if value is None:
        return None
    return printable(str(value)) if kind is str else kind(value)
