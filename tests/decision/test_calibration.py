"""Reliability, expected calibration error, Brier score and log loss."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from triptych.decision.calibration import calibration_of


def _drawn(n, power, seed=0):
    """Probabilities, and labels that are drawn from their `power`: 1 is calibrated, less is overconfident."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet((0.5, 0.5, 0.5), n)
    true = shares**power
    true /= true.sum(axis=1, keepdims=True)
    return shares, np.array([rng.choice(3, p=row) for row in true])


def test_calibrated_probabilities_have_a_small_error_and_overconfident_ones_a_large_one():
    assert calibration_of(*_drawn(4_000, 1.0)).calibration_error < 0.02
    assert calibration_of(*_drawn(4_000, 0.3)).calibration_error > 0.1


def test_scores_equal_those_of_scikit_learn():
    shares, labels = _drawn(300, 0.5)
    found = calibration_of(shares, labels)
    assert found.log_loss == pytest.approx(sklearn_log_loss(labels, np.clip(shares, 1e-6, 1)), rel=1e-4)
    binary = shares[:, :2] / shares[:, :2].sum(axis=1, keepdims=True)
    two = calibration_of(binary, np.minimum(labels, 1))
    assert two.brier == pytest.approx(2 * brier_score_loss(np.minimum(labels, 1), binary[:, 1]))


def test_bins_hold_all_records_in_about_equal_numbers():
    found = calibration_of(*_drawn(105, 1.0)).bins
    assert sum(part.records for part in found) == 105
    assert {part.records for part in found} == {10, 11}
    assert [part.confidence for part in found] == sorted(part.confidence for part in found)


def test_no_records_are_refused():
    with pytest.raises(ValueError, match="no records"):
        calibration_of(np.zeros((0, 2)), np.zeros(0, dtype=int))
