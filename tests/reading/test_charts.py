import numpy as np

from triptych.reading.charts import is_series


def test_places_at_random_are_no_series():
    rng = np.random.default_rng(0)
    assert not any(is_series(*rng.normal(200, 60, (2, n))) for n in (8, 15, 30, 100) for _ in range(200))


def test_marks_at_even_distances_along_one_axis_are_a_series():
    x = np.delete(np.arange(40) * 9.3, [3, 4, 17])  # some marks touch others and are missing
    y = np.random.default_rng(0).normal(200, 60, len(x))
    assert is_series(x, y)
    assert is_series(y, x)


def test_marks_in_columns_are_a_series():
    rng = np.random.default_rng(0)
    assert is_series(np.repeat([50.0, 120.0, 190.0], 6), rng.normal(200, 60, 18))


def test_dies_of_a_wafer_are_no_series():
    x, y = np.meshgrid(np.arange(10) * 12.0, np.arange(10) * 15.0)
    assert not is_series(x.ravel(), y.ravel())
