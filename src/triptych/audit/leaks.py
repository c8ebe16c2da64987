"""Fields that leak the label: identifying fields that tell the class although they measure nothing.

A model that sees such a field learns it instead of the defect, and its scores on the same data set do not show that. A
field is accused if a permutation test rejects that it is independent of the labels, after the correction of Bonferroni
for the number of fields, and if it explains at least `audit.leak_share` of the entropy of the labels beyond chance.

Of the records of one label that share a picture or a group, only the first counts, because they are not independent. Of
several fields from one source that are accused, the one that tells most is reported, with the number of the others.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from triptych.audit.association import Association, associate
from triptych.audit.fields import IdentifyingField, Value, column_fields
from triptych.audit.finding import Finding
from triptych.audit.picture_fields import FILE, PICTURE, file_name_fields, picture_fields
from triptych.config import AuditConfig
from triptych.preparation.prepared import Prepared
from triptych.records.splits import sides

MOST = 4_000  # records that are tested; of more, a random sample is
LEAST = 10  # records that count; with fewer, nothing is tested
_ADVICE = {
    FILE: "Triptych does not learn from file names; but find out why they tell the class, and rename or regroup",
    PICTURE: "Record all classes in the same way, or convert all pictures to one size and format",
}
_COLUMN = "Leave the column out of the manifest, or name it with --group if it says which records belong together"


@dataclass(frozen=True)
class _Leak:
    field: IdentifyingField
    association: Association
    p_value: float


def identifying_fields(prepared: Sequence[Prepared], classes: Sequence[str]) -> list[IdentifyingField]:
    """All identifying fields of the records, of columns, printed fields, file names and pictures."""
    records = [item.record for item in prepared]
    names = dict.fromkeys(name for item in prepared for name in item.reading.values)
    columns: dict[str, list[Value]] = {name: [_value(item, name) for item in prepared] for name in names}
    return [*column_fields(columns, classes), *file_name_fields(records, classes), *picture_fields(records)]


def _value(item: Prepared, name: str) -> Value:
    value = item.reading.values.get(name)
    return value if value is None or isinstance(value, str) else float(value)


def leak_findings(
    prepared: Sequence[Prepared], fields: Sequence[IdentifyingField], config: AuditConfig, seed: int
) -> list[Finding]:
    """A finding for each source of fields that leak the label."""
    rng = np.random.default_rng(seed)
    labels = [item.record.label or "" for item in prepared]
    rows = np.array(representatives(sides([item.record for item in prepared]), labels))
    if len(rows) < LEAST or len(set(labels)) < 2 or not fields:
        return []
    if len(rows) > MOST:
        rows = np.sort(rng.permutation(rows)[:MOST])
    _, coded = np.unique([labels[row] for row in rows], return_inverse=True)
    permutations = max(config.permutations, int(np.ceil(2 * len(fields) / config.significance)))
    leaks: dict[str, list[_Leak]] = defaultdict(list)
    for one in fields:
        found = associate(_recoded(one.categories()[rows]), coded.astype(np.int64), permutations, rng)
        corrected = min(1.0, found.p_value * len(fields))
        least = config.leak_share if one.least is None else one.least
        if corrected <= config.significance and found.explained >= least:
            leaks[one.source].append(_Leak(one, found, corrected))
    return [_finding(source, some, len(rows)) for source, some in leaks.items()]


def representatives(numbers: Sequence[int], labels: Sequence[str]) -> list[int]:
    """The index of the first record of each side and label."""
    first: dict[tuple[int, str], int] = {}
    for row, key in enumerate(zip(numbers, labels, strict=True)):
        first.setdefault(key, row)
    return list(first.values())


def _recoded(categories: "np.ndarray") -> "np.ndarray":
    return np.asarray(np.unique(categories, return_inverse=True)[1], dtype=np.int64)


def _finding(source: str, leaks: Sequence[_Leak], count: int) -> Finding:
    best = max(leaks, key=lambda leak: (leak.association.explained, -leak.p_value))
    found = best.association
    more = f", and so do {len(leaks) - 1} more of its parts" if len(leaks) > 1 else ""
    words = (
        f"{best.field.name} tells the label{more}: alone, it guesses {found.right:.0%} of {count} labels right "
        f"({found.base:.0%} by the commonest class), and it explains {found.explained:.0%} of what is unknown of them"
    )
    return Finding(
        kind="leaks",
        records=(),
        sure="likely",
        words=words,
        advice=_ADVICE.get(source, _COLUMN),
        subject=source,
        p_value=best.p_value,
    )
