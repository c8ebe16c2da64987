"""Batch effects: readings or pictures that differ between groups, dates or splits although the label is the same.

For every reading and every principal component of the picture features, the mean of the class is subtracted. The share
of the remaining variance that lies between the batches (R^2 of an analysis of variance) is compared with its values
under permutations of the batches within the classes. The largest R^2 of all features in each permutation is the null
distribution, so the p-value holds for all features together (Westfall and Young, "Resampling-Based Multiple Testing",
1993). It is corrected by Bonferroni for the number of ways to divide the records. A feature is reported if its R^2
exceeds chance by `audit.batch_share`.

Records that share a picture or a group are not independent: when splits or dates are tested, each such side counts
once, by its mean. When groups are tested, records that share a picture count once.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triptych.audit.fields import IdentifyingField
from triptych.audit.finding import Finding
from triptych.audit.neighbours import Space
from triptych.config import AuditConfig
from triptych.features.names import given
from triptych.features.text_columns import is_word
from triptych.records import Record
from triptych.records.splits import sides

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

PERIODS = 4  # that dates are divided into, with equal numbers of records
LEAST_UNITS = 20  # with fewer, nothing is tested
LEAST_PER_BATCH = 3  # smaller batches are tested together, as one
MOST = 4_000  # records that are tested; of more, a random sample is
SHOWN = 3  # features that a finding names
ADVICE = (
    "Find out what differs (machine, light, layout). Keep batches together with --group, and test on a batch that is "
    "not in training"
)


@dataclass(frozen=True)
class Batches:
    """A way to divide the records.

    Attributes:
        name: `group`, `split` or that of a date.
        batches: the batch of each record, [n]; None for a record that is left out, because it has no date.
        units: equal numbers for records that count as one, [n].
    """

    name: str
    batches: Sequence[str | None]
    units: Sequence[int]


def batch_divisions(records: Sequence[Record], fields: Sequence[IdentifyingField]) -> list[Batches]:
    """The divisions by group, by split and by each date, as far as the records have them."""
    together = sides(records)
    found = []
    if any(record.group is not None for record in records):
        alone = sides([Record(record.id, record.image, problem=record.problem) for record in records])
        found.append(Batches("group", [record.group or "none" for record in records], alone))
    if any(record.split for record in records):
        found.append(Batches("split", [record.split or "none" for record in records], together))
    found += [Batches(one.name, _periods(one), together) for one in fields if one.is_date]
    return [one for one in found if len({batch for batch in one.batches if batch is not None}) > 1]


def _periods(dates: IdentifyingField) -> list[str | None]:
    numbers = [value for value in dates.values if isinstance(value, float)]
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, PERIODS + 1)[1:-1]))
    return [
        f"period {np.searchsorted(edges, value, side='right') + 1}" if isinstance(value, float) else None
        for value in dates.values
    ]


def measured(spaces: Sequence[Space], fields: Sequence[IdentifyingField]) -> Space:
    """The features that are tested, of all spaces: no words, and no numbers of identifying fields."""
    left_out = {given(one.source) for one in fields}
    columns = [
        (name, space.values[:, place])
        for space in spaces
        for place, name in enumerate(space.columns)
        if not is_word(name) and name not in left_out
    ]
    return Space("measured", [name for name, _ in columns], np.stack([values for _, values in columns], axis=1))


def batch_findings(
    space: Space, divisions: Sequence[Batches], labels: Indices, config: AuditConfig, seed: int
) -> list[Finding]:
    """A finding for each division whose batches differ in the features of `space` within the classes."""
    rng = np.random.default_rng(seed)
    values, names = space.values, space.columns
    permutations = max(config.permutations, int(np.ceil(2 * len(divisions) / config.significance)))
    found = []
    for division in divisions:
        shifted = _test(values, division, labels, permutations, rng)
        if shifted is None or shifted.p_value * len(divisions) > config.significance:
            continue
        beyond = [place for place in shifted.order if shifted.beyond_chance[place] >= config.batch_share]
        if beyond:
            found.append(_finding(division, shifted, [(names[p], shifted.beyond_chance[p]) for p in beyond], divisions))
    return found


@dataclass(frozen=True)
class _Shift:
    """How much features [d] differ between batches; `order` sorts them by decreasing share beyond chance."""

    p_value: float
    beyond_chance: Floats
    batches: int
    units: int

    @property
    def order(self) -> list[int]:
        return [int(place) for place in np.argsort(-self.beyond_chance, kind="stable")]


def _test(
    values: Floats, division: Batches, labels: Indices, permutations: int, rng: np.random.Generator
) -> _Shift | None:
    """The test of one division; None if there are too few units, or one batch."""
    rows = np.array([row for row, batch in enumerate(division.batches) if batch is not None])
    rows = np.sort(rng.permutation(rows)[:MOST])
    values, labels = values[rows], labels[rows]
    rest = values - _class_means(values, labels)
    units, firsts, places = np.unique(np.asarray(division.units)[rows], return_index=True, return_inverse=True)
    sums = np.zeros((len(units), rest.shape[1]))
    np.add.at(sums, places, rest)
    means = sums / np.bincount(places)[:, None]
    batches, strata = _merged([division.batches[row] or "" for row in rows[firsts]]), labels[firsts]
    if len(units) < LEAST_UNITS or len(set(batches)) < 2:
        return None
    varying = means.std(axis=0) > 1e-9
    coded = np.unique(batches, return_inverse=True)[1]
    means = np.where(varying, (means - means.mean(axis=0)) / np.where(varying, means.std(axis=0), 1.0), 0.0)
    seen = _between(means, coded)
    largest, total = _permuted(means, coded, strata, permutations, rng)
    p_value = float((largest >= seen.max() - 1e-12).sum() + 1) / (permutations + 1)
    return _Shift(p_value, seen - total / permutations, len(set(batches)), len(units))


def _permuted(
    means: Floats, batches: Indices, strata: Indices, permutations: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """The largest share of all features in each permutation within the strata, and the sum of the shares [d]."""
    members = [np.flatnonzero(strata == label) for label in np.unique(strata)]
    largest, total = np.zeros(permutations), np.zeros(means.shape[1])
    for place in range(permutations):
        shuffled = batches.copy()
        for rows in members:
            shuffled[rows] = rng.permutation(batches[rows])
        shares = _between(means, shuffled)
        largest[place] = shares.max()
        total += shares
    return largest, total


def _merged(batches: Sequence[str]) -> list[str]:
    """`batches`, with those of fewer than LEAST_PER_BATCH units as one."""
    counts = Counter(batches)
    return [name if counts[name] >= LEAST_PER_BATCH else "small batches" for name in batches]


def _class_means(values: Floats, labels: Indices) -> Floats:
    """The mean of its class for each record, [n, d]."""
    sums = np.zeros((int(labels.max()) + 1, values.shape[1]))
    np.add.at(sums, labels, values)
    return np.asarray((sums / np.maximum(np.bincount(labels), 1)[:, None])[labels], dtype=np.float64)


def _between(standard: Floats, batches: Indices) -> Floats:
    """The share [d] of the variance of standardised features [n, d] that lies between the batches."""
    chosen = np.zeros((int(batches.max()) + 1, len(batches)))
    chosen[batches, np.arange(len(batches))] = 1.0
    counts = chosen.sum(axis=1, keepdims=True)
    sums = chosen @ standard
    return np.asarray((np.square(sums) / np.maximum(counts, 1)).sum(axis=0) / len(batches), dtype=np.float64)


def _finding(
    division: Batches, shift: _Shift, features: Sequence[tuple[str, float]], divisions: Sequence[Batches]
) -> Finding:
    named = ", ".join(f"{name} ({share:.0%})" for name, share in features[:SHOWN])
    more = f" and {len(features) - SHOWN} more" if len(features) > SHOWN else ""
    words = (
        f"records of one class differ by {division.name} ({shift.batches} batches): {named}{more} "
        "of the variance within the classes lies between the batches, beyond chance"
    )
    return Finding(
        kind="batch-effects",
        records=(),
        sure="likely",
        words=words,
        advice=ADVICE,
        subject=division.name,
        p_value=min(1.0, shift.p_value * len(divisions)),
    )
