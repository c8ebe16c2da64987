from collections import Counter
from pathlib import Path

from triptych.records import Record, RecordSet, ensure_splits, stratified_split


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
