"""The labels that appraisers gave to items, read from columns of tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from triptych.errors import InputError
from triptych.records.table import Table, open_table

DECISION, ACCEPT = "decision", "accept"  # the column of a prediction table, and its value for released records
SHOWN = 3  # items that a message lists


@dataclass(frozen=True)
class Ratings:
    """The labels of items that every appraiser labelled in every trial.

    Attributes:
        items: the names of the n items.
        trials: for each appraiser, one list of n labels for each trial.
        reference: the true label of each item; None without a reference.
        notes: what was left out, in words.
    """

    items: Sequence[str]
    trials: Mapping[str, Sequence[Sequence[str]]] = field(repr=False)
    reference: Sequence[str] | None = field(default=None, repr=False)
    notes: Sequence[str] = ()

    @property
    def labels(self) -> list[str]:
        """All labels that occur, sorted."""
        given = {label for trials in self.trials.values() for trial in trials for label in trial}
        return sorted(given | set(self.reference or ()))


def read_ratings(
    table: Path,
    appraisers: Mapping[str, Sequence[str]],
    reference: str | None,
    item: str,
    *,
    accepted_only: bool = False,
) -> Ratings:
    """Read ratings from columns of `table` and of other tables.

    Args:
        table: a CSV or Parquet file.
        appraisers: for each appraiser, the columns of the trials: `COLUMN`, or `FILE:COLUMN` for another file.
        reference: the column of the true labels, likewise.
        item: the column with the names of the items, in every file.
        accepted_only: of a prediction table, count only the rows that were accepted.

    Raises:
        InputError: a file, a column or an item is missing or there twice, or no item has all labels.
    """
    tables: dict[Path, Table] = {}
    columns = [column for trials in appraisers.values() for column in trials]
    found = {
        name: _labels(name, table, tables, item, accepted_only=accepted_only)
        for name in [*columns, *([reference] if reference else [])]
    }
    everything = list(dict.fromkeys(name for labels in found.values() for name in labels))
    items = [name for name in everything if all(labels.get(name) for labels in found.values())]
    if not items:
        raise InputError(f"agreement: no item has a label in all of {', '.join(found)}; check the names in {item!r}")
    notes = []
    for name, labels in found.items():
        if missing := [one for one in everything if not labels.get(one)]:
            more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
            notes.append(f"{name}: no label for {', '.join(missing[:SHOWN])}{more}; these items are left out")
    return Ratings(
        items,
        {name: [[found[c][one] for one in items] for c in trials] for name, trials in appraisers.items()},
        [found[reference][one] for one in items] if reference else None,
        notes,
    )


def _labels(name: str, table: Path, tables: dict[Path, Table], item: str, *, accepted_only: bool) -> dict[str, str]:
    """The labels of the column `name` by item; items without a label are left out."""
    file, _, column = name.rpartition(":")
    path = Path(file) if file else table
    if path not in tables:
        tables[path] = open_table(path)
    found = tables[path]
    for wanted in (item, column):
        if wanted not in found.columns:
            raise InputError(f"{path}: there is no column {wanted!r}; found {found.found}")
    names, labels = found.columns[item].text(), found.columns[column].text()
    decisions = found.columns[DECISION].text() if accepted_only and DECISION in found.columns else None
    twice = [one for one, count in Counter(one for one in names if one).items() if count > 1]
    if twice:
        raise InputError(f"{path}: the item {twice[0]!r} is there twice; give each trial a column of its own")
    return {
        str(one): str(label).strip()
        for i, (one, label) in enumerate(zip(names, labels, strict=True))
        if one and label and str(label).strip() and (decisions is None or decisions[i] == ACCEPT)
    }
