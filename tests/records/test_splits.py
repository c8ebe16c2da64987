from collections import Counter
from pathlib import Path

import pytest

from triptych.errors import TriptychError
from triptych.records import Record, RecordSet, ensure_splits, stratified_split
from triptych.records.splits import folds, sides


def _records(counts: dict[str, int], rows_per_image: int = 1) -> RecordSet:
    return RecordSet(
        tuple(
            Record(f"{label}/{i}#{row}", Path(f"{label}/{i}.png"), label=label)
            for label, n in counts.items()
            for i in range(n)
            for row in range(rows_per_image)
        )
    )


def test_every_class_keeps_its_share():
    rest, held_out = stratified_split(_records({"a": 50, "b": 10, "c": 2}), share=0.2, seed=0)
    assert Counter(r.label for r in held_out) == {"a": 10, "b": 2, "c": 1}
    assert len(rest) == 62 - 13


def test_the_seed_decides():
    records = _records({"a": 30, "b": 30})
    first, again, other = (stratified_split(records, 0.3, seed)[1].records for seed in (1, 1, 2))
    assert first == again != other


def test_records_of_one_image_stay_together():
    rest, held_out = stratified_split(_records({"a": 20, "b": 20}, rows_per_image=3), share=0.25, seed=0)
    assert not {r.image for r in rest} & {r.image for r in held_out}
    assert len(held_out) == 3 * 10


def test_splits_that_the_source_names_are_kept():
    records = RecordSet((Record("a", Path("a.png"), label="x", split="val"), Record("b", Path("b.png"), label="x")))
    assert ensure_splits(records, seed=0) is records


def test_without_splits_a_fifth_is_set_aside():
    sizes = ensure_splits(_records({"a": 20, "b": 20}), seed=0).split_sizes()
    assert sizes == {"train": 32, "test": 8}


def test_the_warning_about_records_set_aside_has_the_seed():
    (warning,) = ensure_splits(_records({"a": 20, "b": 20}), seed=3).warnings
    assert warning == "there are no splits: 8 of 40 records are set aside as test (seed 3)"


@pytest.mark.parametrize("others", [(), ("val",)])
def test_without_a_test_split_a_fifth_of_train_is_set_aside(others):
    names = ["train"] * 40 + [*others] * 5
    records = RecordSet(
        tuple(Record(f"{i}", Path(f"{i}.png"), label="ab"[i % 2], split=name) for i, name in enumerate(names))
    )
    found = ensure_splits(records, seed=0)
    assert found.split_sizes() == {"train": 32, "test": 8, **dict.fromkeys(others, 5)}
    assert Counter(r.label for r in found.split("test")) == {"a": 4, "b": 4}
    assert found.records == ensure_splits(records, seed=0).records
    assert found.warnings == ("there is no test split: 8 of 40 records in train are set aside as test (seed 0)",)


def test_nothing_is_set_aside_of_a_class_of_two_records_with_a_warning():
    found = ensure_splits(_records({"a": 10, "b": 2, "c": 1}), seed=0)
    assert Counter(r.label for r in found.split("train")) == {"a": 8, "b": 2, "c": 1}
    assert "none of the class(es) b, c, because fewer than 3 records" in found.warnings[0]


def _grouped(groups: dict[str, dict[str, int]]) -> RecordSet:
    """Records by group and class."""
    rows = [(group, label) for group, counts in groups.items() for label, n in counts.items() for _ in range(n)]
    return RecordSet(tuple(Record(str(i), Path(f"{i}.png"), label=b, group=a) for i, (a, b) in enumerate(rows)))


TILES = {f"t{i}": {"ab"[i % 2]: 3 + i % 4} for i in range(30)}
LOTS = {f"l{i}": {"a": 8, "b": 2 + i % 3} for i in range(10)}


@pytest.mark.parametrize("groups", [TILES, LOTS], ids=["a class each", "all classes in each"])
@pytest.mark.parametrize("seed", range(5))
def test_a_group_is_never_divided_and_classes_keep_their_shares(groups, seed):
    records = _grouped(groups)
    rest, held_out = stratified_split(records, 0.2, seed)
    assert not {r.group for r in rest} & {r.group for r in held_out}
    counts, out = (Counter(r.label for r in part) for part in (records, held_out))
    assert all(0.1 <= out[label] / n <= 0.3 for label, n in counts.items())
    assert stratified_split(records, 0.2, seed)[1].records == held_out.records
    found = ensure_splits(records, seed)
    assert not {r.group for r in found.split("train")} & {r.group for r in found.split("test")}


def test_the_seed_decides_which_groups_are_held_out():
    held_out = {tuple(sorted({r.group for r in stratified_split(_grouped(TILES), 0.2, seed)[1]})) for seed in range(6)}
    assert len(held_out) > 3


def test_every_class_with_two_groups_is_on_both_sides():
    groups = {**{f"t{i}": {"a": 5} for i in range(20)}, "u0": {"b": 9}, "u1": {"b": 7}}
    rest, held_out = stratified_split(_grouped(groups), 0.2, seed=0)
    assert rest.classes == held_out.classes == ["a", "b"]
    assert {r.group for r in held_out if r.label == "b"} == {"u1"}


def test_a_class_in_one_group_stays_in_training_with_a_warning():
    groups = {**{f"t{i}": {"a": 5} for i in range(10)}, "u": {"b": 9}}
    found = ensure_splits(_grouped(groups), seed=0)
    assert found.split("train").classes == ["a", "b"]
    assert found.split("test").classes == ["a"]
    assert "none of the class(es) b, because fewer than 3 records or one group" in found.warnings[-1]


def test_a_single_group_cannot_be_divided():
    with pytest.raises(TriptychError, match=r"without dividing a group \(1 group\(s\): lot\); write a column split"):
        ensure_splits(_grouped({"lot": {"a": 9, "b": 9}}), seed=0)


def test_records_that_share_an_image_or_a_group_are_on_one_side():
    image = [Path("1.png"), Path("1.png"), Path("2.png"), Path("3.png"), Path("4.png")]
    groups = ["x", None, None, "x", None]
    records = [Record(str(i), p, group=g) for i, (p, g) in enumerate(zip(image, groups, strict=True))]
    assert sides(records) == [0, 0, 1, 0, 2]


def test_given_splits_that_divide_a_group_are_named():
    records = [
        Record(str(i), Path(f"{i}.png"), label="a", split=s, group=g)
        for i, (s, g) in enumerate(
            [("train", "x"), ("test", "x"), ("train", "y"), ("test", "z"), ("test", None), ("train", None)]
        )
    ]
    (warning,) = ensure_splits(RecordSet(tuple(records)), seed=0).warnings
    assert warning.startswith("1 of 3 groups have records in several splits (x); scores will be too good")


def test_folds_keep_sides_together_and_classes_in_proportion():
    labels = ["a", "b"] * 30
    numbers = [i // 4 for i in range(60)]
    found = folds(labels, numbers, 3, seed=0)
    assert sorted(i for _, held in found for i in held) == list(range(60))
    for known, held in found:
        assert not {numbers[i] for i in known} & {numbers[i] for i in held}
        assert Counter(labels[i] for i in held) == {"a": len(held) / 2, "b": len(held) / 2}


def test_a_single_side_gives_no_folds():
    assert folds(["a", "b", "a", "b"], [0, 0, 0, 0], 3, seed=0) == []
    assert len(folds(["a", "b", "a", "b"], [0, 0, 1, 1], 3, seed=0)) == 2
