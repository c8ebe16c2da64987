import numpy as np
import pytest
from PIL import Image

from triptych.audit.batch_effects import Batches, batch_divisions, batch_findings, measured
from triptych.audit.fields import IdentifyingField
from triptych.audit.neighbours import Space
from triptych.config import AuditConfig
from triptych.records import Record

CONFIG = AuditConfig(permutations=400)


@pytest.fixture
def data():
    """Eighty records of two classes: a feature of the class, one of noise, and their labels."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 40)
    return Space("readings", ["width", "noise"], rng.normal(size=(80, 2)) + labels[:, None] * [4.0, 0.0]), labels


def division(batches):
    return Batches("split", batches, range(len(batches)))


def test_batches_that_differ_only_by_their_classes_are_not_accused(data):
    space, labels = data
    unequal = ["train" if (row % 4 if label else row % 4 == 0) else "test" for row, label in enumerate(labels)]
    assert batch_findings(space, [division(unequal)], labels, CONFIG, 0) == []


def test_a_shift_between_batches_is_found_with_its_feature(data):
    space, labels = data
    batches = ["train" if row % 2 else "test" for row in range(80)]
    space.values[::2, 1] += 2.0
    (found,) = batch_findings(space, [division(batches)], labels, CONFIG, 0)
    assert found.subject == "split"
    assert found.p_value <= 0.01
    assert "noise (" in found.words
    assert "width (" not in found.words


def test_a_shift_is_found_in_a_feature_that_separates_the_classes(data):
    space, labels = data
    space.values[:, 0] += 40.0 * labels
    space.values[::2, 0] += 2.0
    (found,) = batch_findings(
        space, [division(["train" if row % 2 else "test" for row in range(80)])], labels, CONFIG, 0
    )
    assert "width (" in found.words


def test_chance_differences_are_not_accused():
    labels = np.repeat([0, 1], 12)
    found = []
    for seed in range(20):
        space = Space("readings", ["a", "b"], np.random.default_rng(seed).normal(size=(24, 2)))
        found += batch_findings(space, [division(["train", "test"] * 12)], labels, CONFIG, seed)
    assert found == []


def test_records_that_count_as_one_are_not_taken_for_many(data):
    space, labels = data
    space.values[:] = np.repeat(np.random.default_rng(1).normal(size=(8, 2)), 10, axis=0)
    one = Batches("date", [f"d{row // 40}" for row in range(80)], [row // 10 for row in range(80)])
    assert batch_findings(space, [one], labels, CONFIG, 0) == []  # eight units prove nothing


def test_records_are_divided_by_group_split_and_date():
    picture = Image.new("RGB", (32, 32))
    records = [
        Record(f"{i}", picture.copy(), label="a", group=f"g{i % 2}", split="train" if i < 2 else "test")
        for i in range(4)
    ]
    date = IdentifyingField("the date day", "day", [1.0, 2.0, 3.0, None], is_date=True)
    found = {one.name: one for one in batch_divisions(records, [date])}
    assert set(found) == {"group", "split", "the date day"}
    assert found["the date day"].batches[3] is None
    assert len(set(found["group"].units)) == 4  # records of one group are what is compared


def test_words_and_identifying_numbers_are_not_tested():
    space = Space("readings", ["serial", "phase ∋ pre", "width"], np.arange(6.0).reshape(2, 3))
    assert measured([space], [IdentifyingField("serial", "serial", [1.0, 2.0])]).columns == ["width"]
