import numpy as np
import pytest
from PIL import Image

from triptych.evaluation.peers import PeerRecord
from triptych.evaluation.peers.tabular import BOOSTING, FOREST, LOGISTIC, SVM, Learner, OnReadings, OnTexts
from triptych.progress import silent

LABELS = ["low", "high"] * 20


def _never() -> Image.Image:
    raise AssertionError("a peer on readings looked at the picture")


def _seen(readings):
    return [PeerRecord(_never, one) for one in readings]


@pytest.fixture(scope="module")
def seen():
    rng = np.random.default_rng(0)
    return _seen([{"mean_x": rng.normal(4 * (label == "high")), "noise": rng.normal()} for label in LABELS])


@pytest.mark.parametrize("learner", [LOGISTIC, FOREST, SVM, BOOSTING], ids=["logistic", "forest", "svm", "boosting"])
def test_readings_tell_the_classes_apart(seen, learner):
    quick = Learner(learner.build, {"class_weight": (None,)})
    fitted = OnReadings(quick).fit(seen[:30], LABELS[:30], 0, silent)
    found = fitted.predict(seen[30:])
    right = sum(found == label for found, label in zip(found.labels, LABELS[30:], strict=True))
    assert right >= 8
    assert found.probabilities[:, 0].mean() < 0.6
    assert (found.probabilities[:, 0] > found.probabilities[:, 1]).sum() in range(3, 8)  # the columns are high and low
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)


def test_words_count_too():
    words = _seen([{"machine": label} for label in LABELS])
    assert OnReadings(LOGISTIC).fit(words, LABELS, 0, silent).predict(words[:2]).labels == LABELS[:2]


def test_without_readings_the_most_frequent_class_is_named():
    nothing = _seen([{}] * 3)
    found = OnReadings(SVM).fit(nothing, ["a", "b", "b"], 0, silent).predict(nothing)
    assert found.labels == ["b"] * 3
    np.testing.assert_allclose(found.probabilities, [[1 / 3, 2 / 3]] * 3)


def test_texts_tell_the_classes_apart():
    check = {"low": "the cup is missing on the tray today", "high": "the cup is standing on the tray today"}
    texts = _seen([{"check": f"step {i}: {check[label]}"} for i, label in enumerate(LABELS)])
    fitted = OnTexts().fit(texts[:30], LABELS[:30], 0, silent)
    assert fitted.predict(texts[30:]).labels == LABELS[30:]
