"""Converts labels from the types that scikit-learn accepts to text, which Triptych uses inside, and back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.errors import InputError
from triptych.records.values import is_missing

Labels = NDArray[Any]


def check_labels(y: Any, count: int) -> Labels:
    """`y` as one label for each of `count` records, [count], in its own type.

    Raises:
        InputError: the number of labels is wrong, some are missing, they mix text and numbers, or they are not classes
            (continuous values, several columns).
    """
    from sklearn.utils import assert_all_finite, column_or_1d
    from sklearn.utils.multiclass import check_classification_targets

    if not hasattr(y, "__len__") and hasattr(y, "__array__"):
        y = np.asarray(y)
    if isinstance(y, str) or not hasattr(y, "__len__"):
        raise InputError(f"y is of type {type(y).__name__}; give a label for each record")
    if len(y) != count:
        raise InputError(f"{count} records but {len(y)} labels; give one label for each record")
    try:
        labels: Labels = column_or_1d(_typed(y), warn=True)
        if labels.dtype.kind == "f":
            assert_all_finite(labels, input_name="y")
        if labels.dtype.kind not in "biufUO":
            raise InputError(f"y is of type {labels.dtype}; give text, whole numbers or truth values")
        check_classification_targets(labels)
    except ValueError as error:
        raise InputError(" ".join(str(error).split())) from None
    return labels


def _typed(y: Any) -> Labels:
    """`y` as an array of text or of numbers; mixed lists, which NumPy would turn into text, are refused."""
    cells = np.asarray(y, dtype=object)
    missing = [i for i, cell in enumerate(cells.flat) if is_missing(cell) or (isinstance(cell, str) and not cell)]
    if missing:
        raise InputError(
            f"Input y contains NaN, None or empty text at {len(missing)} place(s), the first at {missing[0]}; "
            "give every record a label, or leave these records out"
        )
    words = sum(isinstance(cell, str) for cell in cells.flat)
    if 0 < words < cells.size:
        raise InputError(f"y mixes text ({words}) and other labels ({cells.size - words}); give labels of one type")
    array: Labels = np.asarray(y)
    return array if words or array.dtype != object else np.array(cells.tolist())


def texts_of(labels: Labels) -> list[str]:
    """The text of each label, as Triptych uses it inside."""
    return [str(label) for label in labels.tolist()]


def dtype_name(labels: Labels) -> str:
    """The name of the type of `labels`, with which `labels_of` restores them from text."""
    return "str" if labels.dtype.kind == "U" else labels.dtype.name


def labels_of(texts: Sequence[str], dtype: str) -> Labels:
    """The labels in their own type, from their texts.

    Args:
        texts: the result of `texts_of`.
        dtype: the result of `dtype_name`.

    Raises:
        KeyError, TypeError, ValueError: a text is not a value of the type.
    """
    if dtype == "bool":
        return np.array([{"True": True, "False": False}[text] for text in texts], dtype=np.bool_)
    if dtype in ("str", "object"):
        return np.array(texts, dtype=dtype)
    return np.array(texts).astype(dtype)
