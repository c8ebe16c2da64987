"""Training sets at the edges of what is allowed: each trains, and says of new records what it can."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from triptych import DefectClassifier, Record


@pytest.fixture
def classifier(quick):
    return DefectClassifier(quick.changed("warm_up.epochs=2", "fusion.epochs=8"))


def plain(shade=0):
    return Image.new("RGB", (32, 32), (shade % 256, shade // 256, 40))


def plot(dots):
    """A plot with a frame and `dots` dots."""
    picture = Image.new("RGB", (240, 240), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 220, 220), outline="black")
    for n in range(dots):
        x, y = 60 + 12 * (n % 10), 60 + 12 * (n // 10)
        draw.ellipse((x, y, x + 5, y + 5), fill="blue")
    return picture


def valid(classifier, records):
    probabilities = classifier.predict_proba(records)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    return probabilities


def test_two_classes_of_two_records_each_are_learned(classifier):
    records = [Record(f"{n}", plain(60 * n), {"width": float(n // 2)}, "ab"[n // 2]) for n in range(4)]
    valid(classifier.fit(records), records)
    assert list(classifier.classes_) == ["a", "b"]


def test_records_that_are_all_equal_are_not_told_apart(classifier):
    records = [Record(f"{n}", plain(), {"width": 1.0}, "ab"[n % 2]) for n in range(12)]
    probabilities = valid(classifier.fit(records), records)
    np.testing.assert_allclose(probabilities, probabilities[:1].repeat(12, axis=0), atol=1e-6)
    assert probabilities.max() < 0.9


def test_two_hundred_classes_are_learned(classifier):
    # The two records of a class have two pictures, so that cross-fitting can divide them.
    records = [Record(f"{n}", plain(n % 2), {"width": math.exp(n // 2 / 10)}, f"class {n // 2:03}") for n in range(400)]
    classifier.set_params(config__answers__llm="none", config__cross_fitting__processes=1)
    probabilities = valid(classifier.fit(records), records[:20])
    assert probabilities.shape == (20, 200)
    assert classifier.model_.metrics["out_of_fold"]


def test_text_of_a_million_characters_is_read(classifier):
    records = [
        Record(f"{n}", plain(9 * n), {"remark": ["fine ", "worn "][n % 2] * 200_000}, "ab"[n % 2]) for n in range(8)
    ]
    valid(classifier.fit(records), records)


def test_long_and_odd_class_names_come_back_as_given(classifier, tmp_path):
    names = ["n" * 10_000, "two\nlines", " blanks ", "ä/ü:?*"]
    records = [Record(f"{n}", plain(9 * n), {"width": float(n % 4)}, names[n % 4]) for n in range(24)]
    classifier.fit(records).save(tmp_path / "model")
    loaded = DefectClassifier.load(tmp_path / "model")
    assert set(loaded.classes_) == set(names)
    np.testing.assert_array_equal(loaded.predict_proba(records), classifier.predict_proba(records))


def test_plots_with_no_dots_or_one_are_judged(classifier):
    many = [Record(f"{n}", plot(20 + n), {"width": float(n % 2)}, "ab"[n % 2]) for n in range(12)]
    valid(classifier.fit(many), [Record("none", plot(0), {"width": 1.0}), Record("one", plot(1), {"width": 1.0})])
