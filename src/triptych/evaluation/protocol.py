"""The protocol of section 4.1: 455 records, 325 to train on and 130 to test with, over several seeds.

Without data of one's own every seed draws a new simulated set; with it, every seed splits all labelled records anew,
class by class and in the paper's proportion. Test records touch nothing but the scores.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from triptych.progress import Track
from triptych.records import RecordSet, open_records, stratified_split
from triptych.simulate import simulate_dataset

RECORDS, TEST_SHARE = 455, 130 / 455


@dataclass(frozen=True)
class Split:
    """Training and test records of one seed."""

    seed: int
    train: RecordSet
    test: RecordSet


SplitOf = Callable[[int], Split]


def simulated_splits(folder: Path, records: int, track: Track) -> SplitOf:
    """A new simulated set for every seed, kept in a folder of its own below `folder`."""

    def split(seed: int) -> Split:
        place = folder / f"seed-{seed}"
        if not (place / "complete").exists():
            simulate_dataset(place / "records", records=records, seed=seed, test_share=TEST_SHARE, track=track)
            (place / "complete").touch()
        drawn = open_records(place / "records")
        return Split(seed, drawn.split("train"), drawn.split("test"))

    return split


def data_splits(data: Path) -> SplitOf:
    """The labelled records of `data`, whatever splits it names, divided anew for every seed.

    Raises:
        TriptychError: there are none.
    """
    labelled = open_records(data).where(lambda record: record.label is not None)
    records = RecordSet(tuple(replace(record, split=None) for record in labelled), labelled.warnings)

    def split(seed: int) -> Split:
        return Split(seed, *stratified_split(records, TEST_SHARE, seed))

    return split
