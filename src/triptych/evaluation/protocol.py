"""The training and test records of every seed.

The paper's protocol (section 4.1) has 455 records: 325 for training and 130 for the test. Without a data set, every
seed simulates new records. With one, every seed splits all labelled records, stratified by class and in the paper's
proportion, or as a table of splits defines. Test records are used for the scores only.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from triptych.errors import TriptychError
from triptych.progress import Track
from triptych.records import RecordSet, labelled_records, open_records, stratified_split
from triptych.records.table import open_table
from triptych.simulate import simulate_dataset
from triptych.training.fitting import record_marks
from triptych.training.training_data import MIN_PER_CLASS

RECORDS, TEST_SHARE = 455, 130 / 455
SPLIT_COLUMNS = ("seed", "image", "split")


@dataclass(frozen=True)
class Split:
    """The training and test records of one seed."""

    seed: int
    train: RecordSet
    test: RecordSet

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """Texts that identify the records of the split, training records first."""
        return ("train", *record_marks(self.train), "test", *record_marks(self.test))

    def smaller(self, size: int) -> RecordSet:
        """`size` of the training records, for a learning curve, with the proportions of the classes.

        Smaller parts are subsets of larger ones: every class is shuffled once, and records are taken from all classes
        in proportion to their sizes, after the MIN_PER_CLASS records that each class needs.
        """
        rng, counts = np.random.default_rng([self.seed, len(self.train)]), Counter(r.label for r in self.train)
        orders = {label: iter(rng.permutation(counts[label])) for label in sorted(counts, key=str)}
        ranks = [next(orders[record.label]) for record in self.train]
        paces = [(rank + 0.5) / counts[r.label] for rank, r in zip(ranks, self.train, strict=True)]
        turns = [pace if rank >= MIN_PER_CLASS else -1.0 for rank, pace in zip(ranks, paces, strict=True)]
        chosen = set(np.argsort(turns, kind="stable")[:size].tolist())
        return RecordSet(tuple(record for place, record in enumerate(self.train) if place in chosen))


SplitOf = Callable[[int], Split]


def simulated_splits(folder: Path, train: int, test: int, track: Track) -> SplitOf:
    """Simulate `train` training and `test` test records for every seed; they are kept in a subfolder of `folder`."""

    def split(seed: int) -> Split:
        place = folder / f"seed-{seed}"
        if not (place / "complete").exists():
            share = test / (train + test)
            simulate_dataset(place / "records", records=train + test, seed=seed, test_share=share, track=track)
            (place / "complete").touch()
        drawn = open_records(place / "records")
        return Split(seed, drawn.split("train"), drawn.split("test"))

    return split


def proportional_splits(folder: Path, records: int, track: Track) -> SplitOf:
    """Simulate `records` records for every seed, split in the paper's proportion, as `simulated_splits` does."""
    test = round(TEST_SHARE * records)
    return simulated_splits(folder, records - test, test, track)


def data_splits(data: Path, group: str | None = None) -> SplitOf:
    """Split the labelled records of `data` anew for every seed, ignoring its own splits; groups stay together.

    Raises:
        TriptychError: there are no labelled records.
    """
    labelled = labelled_records(data, group)
    records = replace(labelled, records=tuple(replace(record, split=None) for record in labelled))

    def split(seed: int) -> Split:
        return Split(seed, *stratified_split(records, TEST_SHARE, seed))

    return split


def given_splits(data: Path, table: Path, group: str | None = None) -> SplitOf:
    """Split the records of `data` as the file `table` defines, with one row for each seed and record.

    Its columns are `seed`, `image` (the record's id as in prediction tables, with `#row` if several records share an
    image) and `split`, which is `train` or `test`.

    Raises:
        TriptychError: the file is no such table, or names an unknown record; later, if it lacks a seed.
    """
    columns = open_table(table).columns
    if missing := [name for name in SPLIT_COLUMNS if name not in columns]:
        raise TriptychError(
            f"{table}: there is no column {missing[0]!r}; a table of splits has {', '.join(SPLIT_COLUMNS)}"
        )
    rows = list(zip(*(columns[name].text() for name in SPLIT_COLUMNS), strict=True))
    listed = open_records(data, group)
    records = {record.id: record for record in listed}
    if len(records) < len(listed):
        twice = next(name for name, count in Counter(record.id for record in listed).items() if count > 1)
        raise TriptychError(f"{data}: two records are called {twice!r}; give them different names to split them")
    if unknown := sorted({str(image) for _, image, _ in rows} - records.keys()):
        raise TriptychError(f"{table}: {data} holds no record {unknown[0]!r}; use the names of prediction tables")

    def split(seed: int) -> Split:
        own = [(str(image), part) for number, image, part in rows if number == str(seed)]
        train, test = ([image for image, named in own if named == part] for part in ("train", "test"))
        if not train or not test or set(train) & set(test):
            found = ", ".join(dict.fromkeys(str(number) for number, _, _ in rows))
            raise TriptychError(
                f"{table}: seed {seed} needs records in train and others in test; the seeds in it are {found}"
            )
        return Split(seed, *(RecordSet(tuple(records[name] for name in part)) for part in (train, test)))

    return split
