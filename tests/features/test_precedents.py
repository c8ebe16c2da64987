import json
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from triptych.features.precedents import Precedents
from triptych.features.readings import reading_features
from triptych.features.vector import Features
from triptych.records import Record


@dataclass
class Item:
    record: Record
    numbers: dict[str, float]


def item(label: str, number: int, **readings: float | str) -> Item:
    """A record whose picture has the grey level `number`."""
    picture = Image.new("L", (16, 16), number)
    return Item(Record(str(number), picture, readings, label), reading_features(readings))


@pytest.fixture
def training() -> list[Item]:
    """Every step is recorded as good, as broken and as missing, on a picture each."""
    labels = ("good", "broken", "missing")
    return [item(label, 3 * i + k, step=f"step {i}", size=0.5) for i in range(4) for k, label in enumerate(labels)]


def test_a_new_record_has_those_that_say_the_same(training):
    precedents = Precedents.among([*training, item("good", 50, step="step 1", size=0.5)])
    new = item("", 99, step="Step 1", size=0.7)
    assert precedents.features(new) == {
        "precedents ∋ good": 2.0,
        "precedents ∋ broken": 1.0,
        "precedents ∋ missing": 1.0,
    }
    assert precedents.features(item("", 99, step="step 7")) == {}
    assert precedents.features(item("", 99, note="step 1")) == {}  # the same words in another column


def test_a_record_is_never_its_own_precedent_nor_another_of_its_picture(training):
    precedents = Precedents.among([*training, item("missing", 0, step="step 0")])
    assert precedents.features(training[0]) == {"precedents ∋ broken": 1.0, "precedents ∋ missing": 1.0}


def test_what_is_drawn_from_a_record_counts_with_it(training):
    assert Precedents.among([*training, *training]) == Precedents.among(training)


def test_two_of_a_class_are_enough():
    precedents = Precedents.among([item("good", i, step="same") for i in range(9)])
    assert precedents.features(item("", 99, step="same")) == {"precedents ∋ good": 2.0}


def test_without_words_there_are_none():
    precedents = Precedents.among([item("good", i, size=0.5) for i in range(4)])
    assert precedents.by_words == {}
    assert precedents.features(item("", 99, size=0.5)) == {}


def test_they_are_features_like_words_and_keep_no_text(training):
    features = Features.learn(training)
    assert features.names[0] == "size"
    columns = [features.names.index(f"precedents ∋ {label}") for label in ("good", "broken", "missing")]
    assert features.words == len(features.names) - 1
    kept = json.loads(json.dumps(features.precedents.by_words))
    assert "step" not in str(kept)
    again = Features(features.names, Precedents(kept))
    np.testing.assert_array_equal(again.matrix(training), features.matrix(training))
    np.testing.assert_array_equal(features.matrix(training[:2])[:, columns], [[0, 1, 1], [1, 0, 1]])


def test_precedents_that_few_records_have_tell_nothing():
    items = [item("good", i, step=f"step {i}", kind="ab"[i % 2]) for i in range(100)]
    items[1] = item("bad", 1, step="step 0", kind="a")
    assert not [name for name in Features.learn(items).names if name.startswith("precedents")]
