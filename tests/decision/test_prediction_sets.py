"""Class-conditional prediction sets."""

import numpy as np
import pytest
from crepes import ConformalClassifier

from triptych.decision.operating_point import Evidence
from triptych.decision.prediction_sets import PredictionSets, least_class_records


def _evidence(n, seed, sides=None):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 3, n)
    shares = rng.dirichlet((1, 1, 1), n) + 0.7 * np.eye(3)[labels]
    shares /= shares.sum(axis=1, keepdims=True)
    return Evidence(("a", "b", "c"), None, shares, labels, np.arange(n) if sides is None else sides)


def test_p_values_equal_those_of_crepes():
    known, new = _evidence(150, 0), _evidence(50, 1)
    own = 1 - known.probabilities[np.arange(150), known.labels]
    other = ConformalClassifier().fit(own, bins=known.labels)
    expected = np.stack(
        [other.predict_p(1 - new.probabilities[:, [c]], bins=np.full(50, c), smoothing=False)[:, 0] for c in range(3)],
        axis=1,
    )
    np.testing.assert_allclose(PredictionSets.of(known).p_values(new.probabilities), expected)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_each_class_is_covered_as_often_as_stated(confidence):
    new = _evidence(6_000, 2)
    share = np.zeros(3)
    for seed in range(20):
        sets = PredictionSets.of(_evidence(300, 10 + seed)).sets(new.probabilities, confidence)
        inside = np.array(["abc"[label] in found for label, found in zip(new.labels, sets, strict=True)])
        share += [inside[new.labels == c].mean() / 20 for c in range(3)]
    assert (share > confidence - 0.01).all()
    assert (share < confidence + 0.03).all()


def test_a_class_needs_19_records_to_be_excluded_with_95_percent():
    assert (least_class_records(0.95), least_class_records(0.9), least_class_records(0.99)) == (19, 9, 99)
    for n, excluded in ((18, False), (19, True)):
        kept = PredictionSets(("a",), [np.full(n, 0.9)])
        assert (kept.sets(np.array([[0.1]]), 0.95) == [()]) is excluded


def test_records_of_one_group_count_once():
    known = _evidence(60, 3, sides=np.zeros(60, dtype=int))
    assert [len(values) for values in PredictionSets.of(known).calibration] == [1, 1, 1]
