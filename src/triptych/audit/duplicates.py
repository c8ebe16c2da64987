"""Near-duplicate pictures: across splits, across groups, within a split, and one picture under two labels.

Pictures are compared by `records.near_duplicates`. Records of one group are expected to be alike. Several rows of one
picture with different readings are different questions about it. But one picture with equal readings and two labels is
a contradiction. Nor are two records with different words a pair: they ask different questions about one scene.

Two dense plots of one layout can look nearly equal, and in photographs of one scene, a small object can make the
difference between two classes. So more is asked of a pair of different files. If the records have enough numbers
(given, printed, or measured in the plot), these must not differ like those of different units. If they have not, nearly
all parts of the pictures must agree.
"""

from collections.abc import Callable, Sequence

import numpy as np

from triptych.audit.finding import Finding
from triptych.audit.neighbours import Space
from triptych.config import AuditConfig
from triptych.features.text_columns import is_word
from triptych.preparation.prepared import Prepared
from triptych.progress import Track
from triptych.records import Record, RecordSet
from triptych.records.near_duplicates import (
    ComparedPictures,
    NearDuplicate,
    compare_pictures,
    may_differ,
    pictures_agree,
)

_KEEP = (
    "Give both records one cell in a column group (--group), so that no split and no fold divides them, or remove one"
)
_LABELS = "Find out which label is right, correct it, and keep one of the two"

LEAST_NUMBERS = 8  # with fewer, equal numbers prove nothing

Difference = Callable[[str, str], float | None]


def find_duplicates(records: RecordSet, track: Track, seed: int) -> ComparedPictures:
    """All near-duplicate pairs of records that are not expected to be alike and have the same words."""
    return compare_pictures(records, track, seed, lambda a, b: may_differ(a, b) and _words(a) == _words(b))


def _words(record: Record) -> dict[str, str]:
    return {name: value for name, value in record.readings.items() if isinstance(value, str)}


def number_differences(prepared: Sequence[Prepared], space: Space | None) -> Difference:
    """A function of two ids: the median difference of their numbers, in standard deviations of the data set.

    It is None if a record was not prepared, or if there are fewer than LEAST_NUMBERS numbers.
    """
    rows = {item.record.id: row for row, item in enumerate(prepared)}
    columns = [place for place, name in enumerate(space.columns if space else []) if not is_word(name)]

    def difference(first: str, second: str) -> float | None:
        if space is None or len(columns) < LEAST_NUMBERS or first not in rows or second not in rows:
            return None
        a, b = (space.values[rows[name], columns] for name in (first, second))
        return float(np.median(np.abs(a - b)))

    return difference


def duplicate_findings(
    records: RecordSet, pairs: Sequence[NearDuplicate], difference: Difference, config: AuditConfig
) -> list[Finding]:
    """A finding for each pair: `two-labels` if the labels differ, else `duplicates`.

    Args:
        records: the records.
        pairs: the near-duplicate pairs among their pictures.
        difference: of the numbers of two records.
        config: how much the numbers or the pictures of different files may differ.
    """
    by_id = {record.id: record for record in records}
    found = [(pair, by_id[pair.records[0]], by_id[pair.records[1]]) for pair in pairs]
    return [_finding(pair, a, b) for pair, a, b in found if pair.equal or _is_copy(a, b, difference, config)]


def _is_copy(first: Record, second: Record, difference: Difference, config: AuditConfig) -> bool:
    """Whether two records with nearly equal pictures in different files are of one unit."""
    apart = difference(first.id, second.id)
    return pictures_agree(first, second, config.dissent) if apart is None else apart <= config.alike


def _finding(pair: NearDuplicate, first: Record, second: Record) -> Finding:
    same = "have equal pictures" if pair.equal else "have nearly equal pictures"
    words = f"{first.id} and {second.id} {same}"
    two = first.label != second.label
    if two:
        words += f", but the labels {first.label} and {second.label}"
    return Finding(
        kind="two-labels" if two else "duplicates",
        records=pair.records,
        sure="certain" if pair.equal else "likely",
        words=f"{words}{_where(first, second)}",
        advice=_LABELS if two else _KEEP,
    )


def _where(first: Record, second: Record) -> str:
    if first.split != second.split:
        return f"; one is in {first.split or 'no split'}, the other in {second.split or 'no split'}"
    if first.group != second.group:
        return f"; one is of group {first.group or 'none'}, the other of {second.group or 'none'}"
    return "; cross-fitting may train on one and judge the other"
