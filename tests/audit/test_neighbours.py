import numpy as np
import pytest

from triptych.audit.neighbours import Space, _principal, class_shares, nearest

LINE = Space("readings", ["x"], np.array([[0.0], [1.0], [2.5], [9.0]]))


def test_neighbours_are_ordered_by_distance_and_never_the_record_itself():
    assert nearest(LINE, [0, 1, 2, 3], 2).tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]


def test_records_of_one_side_are_not_neighbours():
    found = nearest(LINE, [0, 0, 1, 1], 3)
    assert found.tolist() == [[2, 3, -1], [2, 3, -1], [1, 0, -1], [1, 0, -1]]


def test_class_shares_count_the_neighbours_and_one_average_record():
    labels = np.array([0, 0, 0, 1])
    shares = class_shares(np.array([[1, 3], [-1, -1]]), labels, 2)
    assert shares[0] == pytest.approx([(1 + 0.75) / 3, (1 + 0.25) / 3])
    assert shares[1] == pytest.approx([0.75, 0.25])  # without neighbours: the class frequencies


@pytest.mark.parametrize("shape", [(30, 5), (5, 30)])
def test_principal_components_keep_the_distances(shape):
    matrix = np.random.default_rng(0).normal(size=shape)
    matrix -= matrix.mean(axis=0)
    found = _principal(matrix, 64)
    assert found @ found.T == pytest.approx(matrix @ matrix.T)
    assert np.diff(found.var(axis=0)).max() <= 0
