"""Conformal test martingales."""

import numpy as np
import pytest

from triptych.config import MonitoringConfig
from triptych.monitoring.martingale import combined, log_martingale, log_martingales, p_values

CONFIG = MonitoringConfig()


def _p(known, new, seed=0):
    return p_values(known, new, np.random.default_rng(seed))


def test_p_values_of_exchangeable_records_are_uniform_and_independent():
    rng = np.random.default_rng(0)
    found = np.concatenate([_p(rng.normal(size=50), rng.normal(size=40), seed) for seed in range(50)])
    assert abs(found.mean() - 0.5) < 0.02
    assert abs(np.quantile(found, 0.1) - 0.1) < 0.02
    assert abs(np.corrcoef(found[:-1], found[1:])[0, 1]) < 0.06


def test_ties_are_smoothed_and_missing_values_do_not_count():
    found = _p([1.0] * 30, [1.0] * 100 + [float("nan")])
    assert np.isnan(found[-1])
    assert 0.35 < found[:-1].mean() < 0.65
    assert np.isfinite(log_martingale(found, CONFIG)).all()
    last_two = log_martingale(found, CONFIG)[-2:]
    assert last_two[0] == pytest.approx(last_two[1])


def test_the_martingale_has_the_mean_1_while_nothing_changes():
    rng = np.random.default_rng(1)
    config = MonitoringConfig(variance=0.02, restart=7)
    ends = [np.exp(log_martingale(rng.uniform(size=20), config)[-1]) for _ in range(4000)]
    assert np.mean(ends) == pytest.approx(1, abs=0.05)


def test_it_seldom_reaches_the_alarm_while_nothing_changes():
    rng = np.random.default_rng(2)
    peaks = [log_martingale(rng.uniform(size=500), CONFIG).max() for _ in range(300)]
    assert np.mean(np.array(peaks) >= -np.log(0.05)) <= 0.05


@pytest.mark.parametrize("clean", [0, 150])
def test_a_shift_is_found_at_the_start_and_late(clean):
    rng = np.random.default_rng(3)
    new = np.concatenate([rng.normal(size=clean), rng.normal(1.0, 1.0, size=100)])
    found = log_martingale(_p(rng.normal(size=325), new), CONFIG)
    assert found[:clean].max(initial=0.0) < -np.log(0.05) < found.max()


def test_earlier_evidence_does_not_change_when_records_follow():
    rng = np.random.default_rng(4)
    known, new = {"a": rng.normal(size=60)}, rng.normal(size=130)
    first = log_martingales(known, {"a": new[:70]}, CONFIG, 5)["a"]
    np.testing.assert_array_equal(log_martingales(known, {"a": new}, CONFIG, 5)["a"][:70], first)


def test_the_combination_is_the_mean():
    found = combined({"a": np.log([1.0, 4.0]), "b": np.log([1.0, 2.0])})
    np.testing.assert_allclose(np.exp(found), [1.0, 3.0])
