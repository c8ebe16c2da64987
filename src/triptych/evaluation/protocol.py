"""Which records a method learns from and which it is scored on, over several seeds.

The paper's protocol (section 4.1) has 455 records, 325 to train on and 130 to test with. Without data of one's own
every seed draws a new simulated set; with it, every seed splits all labelled records anew, class by class and in the
paper's proportion, or as a table of splits says. Test records touch nothing but the scores.
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
    """Training and test records of one seed."""

    seed: int
    train: RecordSet
    test: RecordSet

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """What tells its records from others, the training records first."""
        return ("train", *record_marks(self.train), "test", *record_marks(self.test))

    def smaller(self, size: int) -> RecordSet:
        """`size` of the training records for a learning curve, in the proportions of their classes.

        A smaller part lies within a greater one: every class is put in a random order of its own, and the classes take
        turns at the pace that their sizes set, once each has the two records that it needs.
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
    """A new simulated set of `train` and `test` records for every seed, kept in a folder of its own below `folder`."""

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
    """A new simulated set of `records` for every seed, divided in the paper's proportion (`simulated_splits`)."""
    test = round(TEST_SHARE * records)
    return simulated_splits(folder, records - test, test, track)


def data_splits(data: Path, group: str | None = None) -> SplitOf:
    """The labelled records of `data`, whatever splits it names, divided anew for every seed; groups stay together.

    Raises:
        TriptychError: there are none.
    """
    labelled = labelled_records(data, group)
    records = replace(labelled, records=tuple(replace(record, split=None) for record in labelled))

    def split(seed: int) -> Split:
        return Split(seed, *stratified_split(records, TEST_SHARE, seed))

    return split


def given_splits(data: Path, table: Path, group: str | None = None) -> SplitOf:
    """The records of `data` divided as the file `table` says: a row for each seed and record of its split.

    Its columns are `seed`, `image` (what tables call the record, so with `#row` where an image serves several) and
    `split`, which is `train` or `test`.

    Raises:
        TriptychError: the file is no such table, or names a record that there is not; later, a seed that it lacks.
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
        raise TriptychError(f"{table}: {data} holds no record {unknown[0]!r}; name records as prediction tables do")

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
