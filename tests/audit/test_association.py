import numpy as np
import pytest

from triptych.audit.association import associate


def test_categories_that_determine_the_label_explain_all_of_it():
    labels = np.arange(120) % 3
    found = associate(labels, labels, 500, np.random.default_rng(0))
    assert found.p_value == pytest.approx(1 / 501)
    assert found.explained == pytest.approx(1.0)
    assert (found.right, found.base) == pytest.approx((1.0, 1 / 3))


def test_independent_categories_explain_nothing_beyond_chance():
    rng = np.random.default_rng(1)
    found = [associate(rng.integers(0, 8, 200), rng.integers(0, 2, 200), 200, rng) for _ in range(40)]
    assert np.mean([one.p_value <= 0.1 for one in found]) < 0.25
    assert abs(np.mean([one.explained for one in found])) < 0.02


def test_categories_with_one_record_each_tell_nothing():
    labels = np.arange(50) % 2
    found = associate(np.arange(50), labels, 200, np.random.default_rng(2))
    assert found.p_value == 1.0
    assert found.explained == pytest.approx(0.0, abs=1e-6)
    assert found.right == 0.0  # without the record itself, the other label is the commonest
