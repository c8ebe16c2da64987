from PIL import Image

from triptych.audit.class_sizes import size_findings
from triptych.config import load_config
from triptych.records import Record

CONFIG = load_config()
PICTURE = Image.new("RGB", (32, 32))


def records(**counts):
    """Records of each class, each with a picture of its own."""
    return [
        Record(f"{name}{i}", PICTURE.copy(), label=name, split="train") for name, n in counts.items() for i in range(n)
    ]


def words(found):
    return [finding.words for finding in found]


def test_large_classes_are_not_reported():
    assert size_findings(records(normal=60, bad=59), "normal", CONFIG) == []


def test_a_class_that_is_too_small_says_for_what():
    found = words(size_findings(records(normal=60, bad=59, worse=3), "normal", CONFIG))
    assert found == [
        "class worse has 3 record(s); to be in every one of 4 folds, it needs 4 pictures or groups; "
        "for prediction sets with 95% confidence, it needs 19 pictures or groups"
    ]


def test_a_class_of_one_group_cannot_be_divided():
    some = [Record(f"{i}", PICTURE.copy(), label="bad", group="lot 1") for i in range(60)]
    found = words(size_findings([*records(normal=60), *some], "normal", CONFIG))
    assert found[0] == (
        "class bad has 60 record(s) of 1 pictures or groups; to be in training and in a test, it needs at least 2 "
        "pictures or groups; for prediction sets with 95% confidence, it needs 19 pictures or groups"
    )
    assert found[-1].startswith("with 1 defective record(s) and no escape, only an escape rate below 95.0%")


def test_few_defective_records_promise_little():
    found = words(size_findings(records(normal=60, bad=36), "normal", CONFIG))
    assert found == [
        "with 36 defective record(s) and no escape, only an escape rate below 8.0% can be promised (95% confidence); "
        "5.0% needs 59"
    ]


def test_a_class_without_training_records_is_reported():
    test = [Record("t", PICTURE.copy(), label="new", split="test"), Record("u", PICTURE.copy(), label="new")]
    found = words(size_findings([*records(normal=60, bad=60), *test], None, CONFIG))
    assert "class new has no record in the split train, so no model can predict it" in found
