"""Converts readings and labels of any type to the two types that later steps use: numbers and text."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from triptych.errors import InputError

_NUMBERS = (Real, Decimal, np.bool_)  # int, bool, float, Fraction and numpy's numbers are Real
_MOMENTS = (date, datetime, time, np.datetime64)


def plain_readings(readings: Mapping[Any, Any] | None, name: str) -> dict[str, float | str]:
    """`readings` as numbers and text; missing values are left out.

    Args:
        readings: by field. Numbers of any type and booleans become `float`, durations become seconds, dates and times
            become text. None, NaN, NaT, `pandas.NA` and blank text are missing.
        name: the record's name in error messages.

    Raises:
        InputError: a value is of another type or too large for `float`, or two fields have one name.
    """
    if readings is None:
        return {}
    if not hasattr(readings, "items"):
        raise InputError(f"{name}: readings are a mapping of fields to values; found {type(readings).__name__}")
    plain: dict[str, float | str] = {}
    fields: set[str] = set()
    for given, value in readings.items():
        field = str(given)
        if field in fields:
            raise InputError(f"{name}: two readings are called {field!r}; rename one of them")
        fields.add(field)
        if (cell := _plain(value, f"{name}: the reading {field!r}")) is not None:
            plain[field] = cell
    return plain


def plain_label(label: object, name: str) -> str | None:
    """`label` as text; integers and booleans are converted, and None, NaN and empty text mean no label.

    Raises:
        InputError: `label` is of another type.
    """
    if is_missing(label) or label == "":
        return None
    if isinstance(label, str):
        return str.__str__(label)
    if isinstance(label, int | np.integer | np.bool_):
        return str(label)
    raise InputError(
        f"{name}: a label is text, a whole number, a truth value or None; found {label!r} of type "
        f"{type(label).__name__}"
    )


def is_missing(value: object) -> bool:
    """Whether `value` is None, NaN, NaT or `pandas.NA`."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, Real) and bool(value != value)


def _plain(value: object, what: str) -> float | str | None:
    """One reading as a number or text; None if it is missing."""
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    if is_missing(value):
        return None
    if isinstance(value, str):
        return str.__str__(value) if value.strip() else None
    if isinstance(value, _MOMENTS):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, np.timedelta64):
        return float(value / np.timedelta64(1, "s"))
    if isinstance(value, _NUMBERS):
        return _number(value, what)
    raise InputError(f"{what} is {value!r:.60} of type {type(value).__name__}; give a number, text or None")


def _number(value: Any, what: str) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number) and not isinstance(value, float | np.floating):
        raise InputError(f"{what} is too large for a 64-bit number; give it in another unit")
    return number
