import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import DataConversionWarning

from triptych.errors import InputError
from triptych.model.label_types import check_labels, dtype_name, labels_of, texts_of


@pytest.mark.parametrize(
    ("y", "kind"),
    [
        (["ok", "bad"], "U"),
        (("ok", "bad"), "U"),
        ([2, 10], "i"),
        ([True, False], "b"),
        (np.array([1, 2], dtype=np.uint8), "u"),
        ([1.0, 2.0], "f"),
        (np.array(["ok", "bad"], dtype=object), "O"),
        (pd.Series(["ok", "bad"], index=[5, 5]), "O"),
        (pd.Series(["ok", "bad"], dtype="category"), "O"),
        (pd.Series([1, 2], dtype="Int64"), "i"),
        (pd.Series([True, False], dtype="boolean"), "b"),
        (["007", "7"], "U"),
    ],
    ids=repr,
)
def test_labels_keep_their_type_and_come_back_from_their_texts(y, kind):
    labels = check_labels(y, 2)
    assert (labels.shape, labels.dtype.kind) == ((2,), kind)
    again = labels_of(texts_of(labels), dtype_name(labels))
    assert again.dtype == labels.dtype
    assert again.tolist() == labels.tolist() == list(y)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (["ok", None], "NaN, None or empty text at 1 place.*first at 1"),
        (["ok", float("nan")], "NaN, None or empty text"),
        (["ok", ""], "NaN, None or empty text"),
        (pd.Series(["ok", None]), "NaN, None or empty text"),
        (pd.Series([1, None], dtype="Int64"), "NaN, None or empty text"),
        (np.array([0.0, np.nan]), "NaN, None or empty text"),
        ([0.0, np.inf], "contains infinity"),
        (["ok", 1], r"y mixes text \(1\) and other labels \(1\)"),
        ([0.5, 1.25], "Unknown label type: continuous"),
        ([[0, 1], [1, 0]], "y should be a 1d array"),
        (["ok"], "2 records but 1 labels"),
        ("ok", "y is of type str"),
        (7, "y is of type int"),
        (np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"), "y is of type datetime64"),
    ],
    ids=repr,
)
def test_what_is_no_label_for_every_record_is_a_value_error(y, message):
    with pytest.raises(InputError, match=message) as caught:
        check_labels(y, 2)
    assert isinstance(caught.value, ValueError)


def test_a_column_is_taken_with_scikit_learns_warning():
    with pytest.warns(DataConversionWarning):
        assert check_labels([["a"], ["b"]], 2).tolist() == ["a", "b"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_labels(["a", "b"], 2)
