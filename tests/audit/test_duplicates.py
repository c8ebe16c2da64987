import numpy as np
import pytest
from PIL import Image

from triptych.audit.duplicates import duplicate_findings, find_duplicates
from triptych.config import AuditConfig
from triptych.progress import silent
from triptych.records import Record, RecordSet


def scene(seed, spot=None):
    """A picture of random blocks, with a dark spot at (x, y)."""
    rng = np.random.default_rng(seed)
    picture = Image.fromarray(rng.integers(0, 255, (12, 12, 3), dtype=np.uint8)).resize((240, 240), 0)
    if spot:
        picture.paste((0, 0, 0), (*spot, spot[0] + 36, spot[1] + 36))
    return picture


def findings(*records, difference=lambda a, b: None):
    some = RecordSet(tuple(records))
    return duplicate_findings(some, find_duplicates(some, silent, 0).pairs, difference, AuditConfig())


def test_copies_within_a_split_across_splits_and_across_groups_are_found():
    found = findings(
        Record("a", scene(0), label="good", split="train"),
        Record("b", scene(0).resize((300, 300)), label="good", split="train"),
        Record("c", scene(1), label="good", split="train"),
        Record("d", scene(1), label="good", split="test"),
        Record("e", scene(2), label="good", split="train", group="g1"),
        Record("f", scene(2), label="good", split="train", group="g2"),
    )
    words = {finding.records: (finding.kind, finding.sure, finding.words) for finding in found}
    assert set(words) == {("a", "b"), ("c", "d"), ("e", "f")}
    assert words["a", "b"][:2] == ("duplicates", "likely")
    assert words["c", "d"][:2] == ("duplicates", "certain")
    assert "one is in train, the other in test" in words["c", "d"][2]
    assert "one is of group g1, the other of g2" in words["e", "f"][2]


def test_one_picture_under_two_labels_is_found():
    (found,) = findings(Record("a", scene(0), label="good"), Record("b", scene(0), label="bad"))
    assert found.kind == "two-labels"
    assert "but the labels good and bad" in found.words


def test_records_of_one_group_are_expected_to_be_alike():
    same = [Record(name, scene(0), label="good", group="g") for name in "ab"]
    assert findings(*same) == []


def test_a_small_object_makes_another_picture():
    assert findings(Record("a", scene(0), label="good"), Record("b", scene(0, spot=(100, 100)), label="bad")) == []


def test_records_with_other_words_ask_another_question():
    a, b = (Record(name, scene(0), readings={"phase": name}, label=name) for name in "ab")
    assert findings(a, b) == []


@pytest.mark.parametrize(("apart", "count"), [(0.05, 1), (0.5, 0)])
def test_pairs_of_different_files_must_have_alike_numbers(apart, count):
    pair = (Record("a", scene(0), label="x"), Record("b", scene(0).resize((300, 300)), label="x"))
    assert len(findings(*pair, difference=lambda first, second: apart)) == count
