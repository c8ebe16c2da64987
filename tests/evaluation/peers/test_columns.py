import numpy as np
import pytest

from triptych.evaluation.peers.columns import find_columns

RECORDS = [
    {"total": 5.0, "machine": "A 1", "check": "look whether the two cups are on the tray", "mean_x": 0.5},
    {"total": 7.0, "machine": "B 2", "check": "look whether one mould is on the white bench", "mean_x": "O.7"},
    {"total": 9.0, "machine": "A 1", "mean_x": 1.5},
]


@pytest.fixture
def columns():
    return find_columns(RECORDS)


def test_numbers_words_and_texts_are_told_apart(columns):
    assert columns.numbers == ("total", "mean_x")  # one of three means was misread
    assert columns.words == ("machine",)
    assert columns.texts == ("check",)


def test_what_a_record_lacks_is_missing_in_the_table(columns):
    table = columns.table([*RECORDS, {}])
    assert list(table.columns) == ["total", "mean_x", "machine", "check"]
    np.testing.assert_array_equal(table["mean_x"], [0.5, np.nan, 1.5, np.nan])
    assert table["machine"].tolist() == ["A 1", "B 2", "A 1", ""]


def test_texts_are_joined(columns):
    assert columns.text(RECORDS[0]) == "look whether the two cups are on the tray"
    assert columns.text(RECORDS[2]) == ""


def test_features_are_standardised_numbers_a_mark_of_missing_ones_and_frequent_words(columns):
    features = columns.transformer().fit_transform(columns.table(RECORDS))
    assert features.shape == (3, 5)  # two numbers, one mark, "A 1", and words too rare to count
    np.testing.assert_allclose(features[:, 0], [-1.2247, 0, 1.2247], atol=1e-3)
    np.testing.assert_allclose(features[:, 3], [1, 0, 1])


def test_words_and_numbers_that_training_never_saw_are_allowed(columns):
    transformer = columns.transformer().fit(columns.table(RECORDS))
    assert np.isfinite(transformer.transform(columns.table([{"machine": "C 3", "other": 1.0}]))).all()
