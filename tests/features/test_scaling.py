import warnings

import numpy as np
import pytest
import torch

from triptych.features.scaling import fit_scales, neutral, standardise
from triptych.network.adapters import ReadingsAdapter


def _scaled(training, *others) -> np.ndarray:
    """The column `training`, standardised, with `others` below it that are scaled alike."""
    column = np.array([*training, *others], dtype=np.float64)[:, None]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return standardise(column, fit_scales(column[: len(training)]))[:, 0]


@pytest.fixture
def normal() -> np.ndarray:
    return np.random.default_rng(0).normal(size=200)


def test_values_without_outliers_are_standardised(normal):
    np.testing.assert_allclose(_scaled(normal), (normal - normal.mean()) / normal.std(), atol=1e-9)


@pytest.mark.parametrize("unit", [1e-300, 1e-7, 1e7, 1e300])
def test_the_unit_makes_no_difference(normal, unit):
    np.testing.assert_allclose(_scaled(normal * unit), _scaled(normal), rtol=1e-6, atol=1e-9)


def test_times_ten_seconds_apart_differ():
    start = 1_700_000_000.0
    scaled = _scaled(start + 10.0 * np.arange(30)).astype(np.float32)
    assert np.diff(scaled).min() > 0.05


def test_outliers_remain_apart_and_do_not_outweigh_the_others(normal):
    scaled = _scaled([*normal, 1e3, 1e6, 1e300])
    assert scaled[:200].std() > 0.5
    assert (np.diff(scaled[-3:]) > 0.3).all()
    assert np.isfinite(scaled).all()


def test_values_over_many_decades_are_told_apart():
    scaled = _scaled(10.0 ** np.linspace(-9, 9, 37))
    assert np.diff(scaled).min() > 0.02


def test_few_values_beside_many_zeros_are_told_apart():
    scaled = _scaled([0.0] * 90 + [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert np.diff(scaled[89:]).min() > 0.05


def test_a_constant_is_zero_whatever_comes_later():
    assert _scaled([0.1 + 0.2, 0.3, 0.3], 7.0, -1e300).tolist() == [0.0] * 5
    assert _scaled([0.0, 0.0], 7.0).tolist() == [0.0] * 3
    assert _scaled([5.0], 7.0).tolist() == [0.0] * 2


def test_a_value_beyond_the_training_values_is_limited(normal):
    scaled = _scaled(normal, 1e9, -1e308, 1e308)
    assert scaled[-3:].tolist() == [5.0, -5.0, 5.0]


def test_the_full_range_of_float64_raises_no_warning():
    scaled = _scaled([-1.7e308, 1.7e308, 5e-324, 0.0], 1e308)
    assert np.isfinite(scaled).all()
    assert scaled[0] < scaled[3] < scaled[1]
    assert np.isfinite(_scaled([0.0, 5e-324], 1e308)).all()


def test_a_missing_value_counts_for_nothing(normal):
    np.testing.assert_array_equal(_scaled([*normal, np.nan])[:-1], _scaled(normal))
    assert np.isnan(_scaled([np.nan, np.nan], 3.0)[:2]).all()


def test_scales_are_kept_with_the_network_in_float64():
    times = 1_700_000_000.0 + torch.arange(30, dtype=torch.float64)[:, None]
    adapter = ReadingsAdapter(channels=1, dim=8, dropout=0.5)
    adapter.fit(times)
    again = ReadingsAdapter(channels=1, dim=8, dropout=0.5)
    again.load_state_dict(adapter.state_dict())
    scaled = again.compress(times)
    assert scaled.dtype == torch.float32
    assert scaled.diff(dim=0).min() > 0.05
    torch.testing.assert_close(scaled, adapter.compress(times), rtol=0, atol=0)
    assert adapter.compress(torch.tensor([[torch.nan]])).tolist() == [[0.0]]


def test_a_single_reading_is_never_dropped():
    torch.manual_seed(0)
    assert ReadingsAdapter(channels=1, dim=8, dropout=0.5).layers[0].p == 0
    assert ReadingsAdapter(channels=2, dim=8, dropout=0.5).layers[0].p == 0.25
    assert ReadingsAdapter(channels=100, dim=8, dropout=0.5).layers[0].p == pytest.approx(0.495)


def test_two_thousand_columns_take_little_time():
    features = np.random.default_rng(0).normal(size=(100, 2000))
    assert standardise(features, fit_scales(features)).shape == features.shape


def test_neutral_values_standardise_to_0():
    rng = np.random.default_rng(0)
    columns = [rng.normal(5, 2, 200), rng.lognormal(0, 4, 200), np.full(200, 3.0), rng.integers(0, 2, 200) * 1.0]
    columns.append(np.r_[rng.normal(0, 1, 120), 1e9 * rng.lognormal(0, 1, 80)])
    scales = fit_scales(np.stack(columns, axis=1))
    values = neutral(scales)
    assert np.isfinite(values).all()
    assert standardise(values[None], scales)[0] == pytest.approx(0, abs=1e-9)
