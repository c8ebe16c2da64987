import numpy as np
import pytest

from triptych.features.maps import Maps, columns, grouped_sums


@pytest.fixture
def maps():
    """Two maps with dots in the cells (0, 1) and (1, 0), and in (1, 1)."""
    return Maps(np.array([[[0, 3], [1, 0]], [[0, 0], [0, 5]]]))


def test_shares_of_every_map_sum_to_one(maps):
    np.testing.assert_array_equal(maps.share, [[[0, 0.75], [0.25, 0]], [[0, 0], [0, 1]]])


def test_cells_with_dots_know_their_map_and_their_place(maps):
    assert maps.record.tolist() == [0, 0, 1]
    assert maps.cell.tolist() == [1, 2, 3]
    of_lines = np.array([[10, 11], [20, 21]]).ravel()
    assert of_lines[maps.row].tolist() == [10, 11, 21]
    assert of_lines[maps.column].tolist() == [11, 10, 21]


def test_means_are_over_the_dots_of_each_map(maps):
    assert maps.mean(np.array([1.0, 5.0, 7.0])).tolist() == [2.0, 7.0]


def test_a_value_at_a_bound_is_not_below_it(maps):
    np.testing.assert_array_equal(maps.below(np.array([1.0, 2.0, 9.0]), [1, 2, 3]), [[0, 0.75, 1], [0, 0, 0]])


def test_weights_are_summed_by_record_and_group():
    sums = grouped_sums(np.array([[0], [1]]), np.array([[0, 2, 2], [1, 1, 0]]), np.arange(6.0), (2, 3))
    assert sums.tolist() == [[0, 0, 3], [5, 7, 0]]


def test_features_of_a_series_are_numbered():
    named = columns({"a": np.array([[1, 2], [3, 4]]), "b": np.array([[5], [6]])})
    assert {name: values.tolist() for name, values in named.items()} == {"a_0": [1, 3], "a_1": [2, 4], "b_0": [5, 6]}
