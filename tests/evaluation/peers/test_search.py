import numpy as np
from sklearn.svm import SVC

from triptych.evaluation.peers.search import fit_best


def test_the_setting_that_does_best_in_cross_validation_is_taken():
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    radius = np.tile([1.0, 3.0], 30)
    rings = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
    labels = ["inner", "outer"] * 30
    best = fit_best(SVC(), {"kernel": ("linear", "rbf")}, rings, labels, seed=0)
    assert best.kernel == "rbf"
    assert best.predict(rings).tolist() == labels


def test_a_class_of_two_records_is_enough():
    features, labels = np.arange(8.0)[:, None], ["a"] * 6 + ["b"] * 2
    assert set(fit_best(SVC(), {"C": (1.0, 10.0)}, features, labels, seed=0).classes_) == {"a", "b"}
