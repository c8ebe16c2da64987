"""Plans the records of a simulated data set: classes and splits in the paper's proportions, in random order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triptych.simulate.classes import CLASS_SPECS, CLASSES

SPLITS = ("train", "test")


@dataclass(frozen=True)
class PlannedRecord:
    """One record before it is drawn. Its id is its index in the data set and does not depend on the class."""

    id: str
    label: str
    split: str


def plan_records(records: int, test_share: float, rng: np.random.Generator) -> list[PlannedRecord]:
    """`records` planned records; every class is in both splits, so there must be at least two records per class."""
    counts = apportion(records, [CLASS_SPECS[label].count for label in CLASSES], least=2)
    tests = [
        min(test, count - 1) for test, count in zip(apportion(round(records * test_share), counts), counts, strict=True)
    ]
    planned = [
        (label, "test" if index < test else "train")
        for label, count, test in zip(CLASSES, counts, tests, strict=True)
        for index in range(count)
    ]
    digits = max(4, len(str(records)))
    return [
        PlannedRecord(f"{place:0{digits}d}", *planned[index])
        for place, index in enumerate(rng.permutation(records), start=1)
    ]


def apportion(total: int, weights: Sequence[int], least: int = 1) -> list[int]:
    """Divide `total` in proportion to `weights` by the largest remainder method, with at least `least` for each.

    If `total` is too small, each gets `least`.
    """
    total = max(total, least * len(weights))
    quotas = np.asarray(weights) * total / sum(weights)
    counts = np.floor(quotas).astype(int)
    by_remainder = np.argsort(counts - quotas, kind="stable")
    counts[by_remainder[: total - counts.sum()]] += 1
    while counts.min() < least:
        counts[counts.argmin()] += 1
        counts[counts.argmax()] -= 1
    return [int(count) for count in counts]
