"""scikit-learn's own checks of an estimator.

They feed tables of numbers, and records need pictures: so a row of numbers becomes a record here, with one picture for
all. They fit some hundred times: so the mean of each class stands in for training, and what is checked is all that
DefectClassifier does around it.
"""

import numpy as np
import pytest
from PIL import Image
from sklearn.utils import InputTags
from sklearn.utils.estimator_checks import parametrize_with_checks

import means
from triptych import DefectClassifier, Record

TABLE = "asks how tables of numbers are checked, and DefectClassifier takes records"
NOT_MET = {
    "check_array_api_input": "skipped by scikit-learn where SCIPY_ARRAY_API is not set",
    "check_classifiers_train": f"{TABLE}: a record may have other fields than those of training",
    "check_complex_data": TABLE,
    "check_dtype_object": f"{TABLE}: it wants a TypeError for a reading that is a dict, which raises an InputError",
    "check_estimator_sparse_array": TABLE,
    "check_estimator_sparse_matrix": TABLE,
    "check_estimator_sparse_tag": TABLE,
    "check_estimators_empty_data_messages": f"{TABLE}: a record needs no readings",
    "check_estimators_nan_inf": f"{TABLE}: a record may lack readings",
    "check_fit2d_1sample": "wants the words `1 class`, and the message names the class and says that two are needed",
    "check_fit2d_predict1d": TABLE,
    "check_n_features_in": f"{TABLE}: n_features_in_ is set for DataFrames",
    "check_n_features_in_after_fitting": f"{TABLE}: n_features_in_ is set for DataFrames",
    "check_requires_y_none": "y may be None, because records carry labels",
}
PICTURE = Image.new("RGB", (16, 16))


class RowClassifier(DefectClassifier):
    """Takes tables of numbers [n, fields]."""

    def fit(self, X, y=None):
        return super().fit(_records(X), y)

    def assess(self, X):
        return super().assess(_records(X))

    def score(self, X, y=None, sample_weight=None):
        return super().score(_records(X), y, sample_weight)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags = InputTags()
        tags.target_tags.required = True
        return tags


def _records(table):
    """A record for every row; what is no table goes on as it is."""
    table = np.asarray(table)
    if table.ndim != 2 or table.dtype.kind not in "biufO":
        return table
    return [Record(str(i), PICTURE, {f"x{j}": x for j, x in enumerate(row)}) for i, row in enumerate(table)]


@pytest.fixture(autouse=True)
def _means(monkeypatch):
    means.use_means(monkeypatch)


@parametrize_with_checks([RowClassifier()], expected_failed_checks=lambda _: NOT_MET)
def test_scikit_learns_checks_pass_or_are_listed_with_the_reason(estimator, check):
    check(estimator)
