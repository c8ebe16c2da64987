"""Protects existing files: a command overwrites only files that Triptych wrote.

An existing file is replaced only if it is recognised as an earlier output of the same kind, or if the user requests it
(`--overwrite`). Inputs of the command, manifests of data sets and files of models are never replaced.
"""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from triptych.errors import TriptychError

Recognise = Callable[[Path], bool]

DATA_SET_FILES = ("manifest.csv", "manifest.parquet", "truth.csv")
MODEL_FILES = (
    *("labels.json", "experts.json", "readings.json", "metrics.json", "config.yaml", "README.md"),
    *("reference.safetensors", "weights.safetensors"),
)
HTML_MARK = b'<meta name="generator" content="Triptych">'
HEAD = 4096  # bytes at the beginning of a file that are inspected


def check_free(path: Path, ours: Recognise, *, inputs: Iterable[Path] = (), overwrite: bool = False) -> None:
    """Check that a file may be written to `path`.

    Args:
        path: the path; a missing or empty file may always be written.
        ours: recognises an existing file as an earlier output of the same kind.
        inputs: the inputs of the command.
        overwrite: whether a file of another kind may be replaced.

    Raises:
        TriptychError: the file may not be written.
    """
    if not path.exists():
        return
    if any(given.exists() and path.samefile(given) for given in inputs):
        raise TriptychError(f"{path}: is an input of this command and is not written over; name another output")
    if path.name in DATA_SET_FILES:
        raise TriptychError(f"{path}: belongs to a data set and is not written over; name another output")
    if path.name in MODEL_FILES and (path.parent / "weights.safetensors").exists():
        raise TriptychError(f"{path}: belongs to a model and is not written over; name another output")
    if path.is_file() and path.stat().st_size and not overwrite and not recognised(path, ours):
        raise TriptychError(
            f"{path}: exists and is not an earlier output of this command; name another output, or replace it with "
            "--overwrite"
        )


def recognised(path: Path, ours: Recognise) -> bool:
    """Whether `ours` recognises the file `path`; false if it cannot be read or parsed."""
    try:
        return path.is_file() and ours(path)
    except (OSError, ValueError, TypeError, AttributeError, csv.Error, yaml.YAMLError):
        return False


def table_of(columns: Sequence[str]) -> Recognise:
    """A function that recognises tables (CSV, Parquet, JSON or JSON lines) whose first columns are `columns`."""
    return lambda path: _columns(path)[: len(columns)] == list(columns)


def json_with(*keys: str) -> Recognise:
    """A function that recognises JSON objects with `keys`."""
    return lambda path: set(keys) <= set(_object(json.loads(path.read_text(encoding="utf-8"))))


def starting_with(*heads: bytes) -> Recognise:
    """A function that recognises files that begin with one of `heads`."""
    return lambda path: _head(path).startswith(heads)


def holding(mark: bytes) -> Recognise:
    """A function that recognises files with `mark` in their first bytes."""
    return lambda path: mark in _head(path)


def foreign_files(folder: Path, ours: dict[str, Recognise]) -> list[str]:
    """The names in `ours` for which `folder` has a file that is not recognised."""
    there = [name for name in ours if (folder / name).exists()]
    return [name for name in there if not recognised(folder / name, ours[name])]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _columns(path: Path) -> list[str]:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        from pyarrow.parquet import read_schema

        return list(read_schema(path).names)
    with path.open(encoding="utf-8", newline="") as file:
        if suffix == ".csv":
            return next(csv.reader(file), [])
        if suffix == ".jsonl":
            return list(_object(json.loads(file.readline())))
        rows = json.load(file)
    return list(_object(rows[0])) if isinstance(rows, list) and rows else []


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("no JSON object")
    return value
