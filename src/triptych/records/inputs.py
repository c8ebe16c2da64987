"""Converts the inputs that the Python interface accepts into records."""

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.errors import InputError
from triptych.paths import as_path
from triptych.records.arrays import CHANNELS
from triptych.records.manifest import frame_records
from triptych.records.record import Record
from triptych.records.recordset import RecordSet

if TYPE_CHECKING:
    import pandas as pd

ALLOWED = (
    "give records, paths of pictures, PIL pictures, arrays of pixels, or a DataFrame with a column 'image' and a "
    "column for every reading"
)


def as_record_set(given: Any) -> RecordSet:
    """A record for every item of `given`, in order.

    Args:
        given: a `RecordSet`; a sequence of records, of paths of pictures, of PIL pictures or of arrays; one array
            [n, height, width] or [n, height, width, channels] (`triptych.records.arrays.array_picture` explains its
            values); or a DataFrame as for `frame_records`, whose column `image` may also hold pictures and arrays.

    Raises:
        InputError: `given` is of any other type.
        TriptychError: as `frame_records`.
    """
    if isinstance(given, RecordSet):
        return given
    if hasattr(given, "columns") and hasattr(given, "iloc"):
        return _table_records(given)
    if isinstance(given, str | bytes | os.PathLike):
        raise InputError(f"X is the path {given!r}; open it with open_records, or give a list of pictures")
    if isinstance(given, Record | Image.Image | dict) or not isinstance(given, Iterable):
        raise InputError(f"X is of type {type(given).__name__}; {ALLOWED}")
    if isinstance(given, np.ndarray) and given.dtype.kind in "biufc":
        _check_array(given)
    try:
        items = list(given)
    except TypeError:  # a sparse matrix, or an array without axes
        raise InputError(f"X is of type {type(given).__name__}; {ALLOWED}") from None
    return RecordSet(tuple(_record(item, f"X[{i}]") for i, item in enumerate(items)))


def _check_array(array: NDArray[Any]) -> None:
    """Refuse an array of numbers that does not hold n pictures."""
    if array.ndim == 3 and array.shape[-1] in CHANNELS:
        raise InputError(f"X is one picture, of shape {list(array.shape)}; give a sequence of pictures, such as [X]")
    if array.ndim not in (3, 4):
        raise InputError(
            f"X is an array of shape {list(array.shape)}, which holds no pictures; a picture is needed for every "
            f"record: {ALLOWED}"
        )


def _record(item: Any, name: str) -> Record:
    """The record of one item of a sequence; `name` is used in error messages."""
    if isinstance(item, Record):
        return item
    if isinstance(item, str | os.PathLike):
        return Record(str(item), as_path(item))
    if isinstance(item, Image.Image) or (isinstance(item, np.ndarray) and item.ndim > 1):
        return Record(name, item)  # type: ignore[arg-type] # Record converts arrays
    raise InputError(f"{name} is of type {type(item).__name__}; {ALLOWED}")


def _table_records(table: "pd.DataFrame") -> RecordSet:
    """The records of a DataFrame, whose pictures may be in memory."""
    if "image" not in table.columns or not table.columns.is_unique:
        return frame_records(table, name="X")
    cells = list(table["image"])
    held: dict[int, Any] = {i: cell for i, cell in enumerate(cells) if isinstance(cell, Image.Image | np.ndarray)}
    if not held:
        return frame_records(table, name="X")
    named = table.assign(image=[f"X[{i}]" if i in held else cell for i, cell in enumerate(cells)])
    records = frame_records(named, name="X")
    pictured = (replace(record, image=held.get(i, record.image)) for i, record in enumerate(records))
    return replace(records, records=tuple(pictured))
