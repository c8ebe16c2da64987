import numpy as np

from triptych.encoders.chosen import pad


def test_rows_are_padded_to_the_longest():
    rows = [np.array([1, 2, 3]), np.array([4])]
    np.testing.assert_array_equal(pad(rows, -1), [[1, 2, 3], [4, -1, -1]])
