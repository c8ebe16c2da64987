import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from triptych.evaluation.metrics import log_loss
from triptych.evaluation.peers import PeerRecord
from triptych.evaluation.peers.search import Fitted, best_of, fit_best


def _seen(count, sources=None):
    return [PeerRecord(lambda: Image.new("RGB", (16, 16)), {}, sources[i] if sources else None) for i in range(count)]


def test_the_setting_that_does_best_in_cross_validation_is_taken():
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    radius = np.tile([1.0, 3.0], 30)
    rings = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
    labels = ["inner", "outer"] * 30
    best = fit_best(SVC(), {"kernel": ("linear", "rbf")}, rings, _seen(60), labels, seed=0)
    assert best.estimator.kernel == "rbf"
    assert best.predict(rings).labels == labels


def test_a_class_of_two_records_is_enough():
    features, labels = np.arange(8.0)[:, None], ["a"] * 6 + ["b"] * 2
    assert set(fit_best(SVC(), {"C": (1.0, 10.0)}, features, _seen(8), labels, seed=0).estimator.classes_) == {"a", "b"}


def test_records_of_one_picture_are_not_learned_by_heart():
    """Three records a picture: a narrow kernel knows their places, a wide one the rule that holds elsewhere."""
    rng = np.random.default_rng(0)
    places = np.repeat(rng.normal(size=(40, 1)), 3, axis=0)
    known = np.where(places[:, 0] > 0, "right", "left")
    noisy = np.repeat(rng.random(40) < 0.3, 3)
    labels = np.where(noisy, np.where(known == "left", "right", "left"), known).tolist()
    sources = [str(i // 3) for i in range(120)]
    grid = {"gamma": (0.1, 1e5)}
    assert fit_best(SVC(), grid, places, _seen(120), labels, seed=0).estimator.gamma == 1e5
    assert fit_best(SVC(), grid, places, _seen(120, sources), labels, seed=0).estimator.gamma == 0.1


def test_with_a_single_group_the_first_settings_are_taken():
    features, labels = np.arange(8.0)[:, None], ["a", "b"] * 4
    best = fit_best(SVC(), {"C": (3.0, 10.0)}, features, _seen(8, ["g"] * 8), labels, seed=0)
    assert best.estimator.C == 3.0
    assert len(best.predict(features).labels) == 8
    assert best.predict(features).probabilities is None


def _overlapping(count, seed):
    rng = np.random.default_rng(seed)
    labels = ["a", "b", "c"] * (count // 3)
    return np.array([rng.normal("abc".index(label), 1.0, size=2) for label in labels]), labels


def test_an_svm_gets_probabilities_that_fit_what_it_has_not_seen_and_keeps_its_labels():
    features, labels = _overlapping(150, 0)
    asked, truth = _overlapping(600, 1)
    found = fit_best(SVC(C=1.0), {"gamma": (1.0,)}, features, _seen(150), labels, seed=0).predict(asked)
    assert found.labels == SVC(C=1.0, gamma=1.0).fit(features, labels).predict(asked).tolist()
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    assert log_loss(truth, found.probabilities, ["a", "b", "c"]) < np.log(3) - 0.1


class _Says:
    def __init__(self, label, shares):
        self.label, self.shares = label, shares

    def predict(self, features):
        return [self.label] * len(features)


class _SaysHowSure(_Says):
    def predict_proba(self, features):
        return np.tile(self.shares, (len(features), 1))


def test_calibration_gives_probabilities_and_the_estimator_labels():
    found = Fitted(_Says("a", None), _SaysHowSure("b", [0.4, 0.6])).predict(np.zeros((2, 1)))
    assert found.labels == ["a", "a"]
    assert found.probabilities.tolist() == [[0.4, 0.6]] * 2
    assert Fitted(_SaysHowSure("b", [0.1, 0.9])).predict(np.zeros((1, 1))).probabilities.tolist() == [[0.1, 0.9]]


def test_an_estimator_with_probabilities_of_its_own_keeps_them():
    features, labels = _overlapping(60, 0)
    found = fit_best(LogisticRegression(), {"C": (1.0,)}, features, _seen(60), labels, seed=0).predict(features)
    np.testing.assert_array_equal(
        found.probabilities, LogisticRegression(C=1.0).fit(features, labels).predict_proba(features)
    )


def test_there_are_no_probabilities_where_a_fold_lacks_a_class():
    features, labels = np.arange(12.0)[:, None], ["a", "b"] * 4 + ["c"] * 4
    sources = [*"ppqqrrss", *"tttt"]  # all of c are of one group
    found = fit_best(SVC(), {"C": (1.0,)}, features, _seen(12, sources), labels, seed=0).predict(features)
    assert found.probabilities is None
    assert set(found.labels) <= {"a", "b", "c"}


def test_an_svm_gets_probabilities_where_some_rows_are_held_out_by_no_fold():
    features, labels = _overlapping(60, 0)
    more = np.concatenate([features, features[:6] + 1e-3])
    found = [*labels, *labels[:6]]
    division = [([*range(30), *range(60, 63)], [*range(30, 60)]), ([*range(30, 60), *range(63, 66)], [*range(30)])]
    found = best_of(SVC(), {"C": (1.0,)}, more, found, division, weights=np.ones(66))
    assert found.predict(features).probabilities.shape == (60, 3)
    assert len(found.calibrated.calibrated_classifiers_) == 2


def test_a_row_of_little_weight_hardly_counts():
    features, labels = np.array([[0.0], [1.0], [0.0], [1.0]] * 3), ["a", "b", "b", "a"] * 3
    weights = np.array([1.0, 1.0, 1e-3, 1e-3] * 3)
    division = [([*range(8)], [*range(8, 12)]), ([*range(4, 12)], [*range(4)])]
    found = best_of(LogisticRegression(), {"C": (1.0,)}, features, labels, division, weights=weights)
    assert found.predict(np.array([[0.0], [1.0]])).labels == ["a", "b"]
