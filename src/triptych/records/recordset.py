"""A data set: records in a fixed order, and what could not be used of its source."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from triptych.errors import TriptychError
from triptych.records.record import Record


@dataclass(frozen=True)
class Failure:
    """An input that could not be used, and why."""

    id: str
    message: str


@dataclass(frozen=True)
class RecordSet(Sequence[Record]):
    """Records in a fixed order.

    Attributes:
        records: the records.
        warnings: what was left out of the source, such as a manifest's column of lists.
        columns: the reading columns of the source table, including empty ones; None without a table.
        unused: records of the source that were left out, such as those without a label, and why.
        unlabelled: why no record has a label, if known; empty otherwise.
    """

    records: tuple[Record, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)
    columns: tuple[str, ...] | None = field(default=None, compare=False)
    unused: tuple[Failure, ...] = field(default=(), compare=False)
    unlabelled: str = field(default="", compare=False)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> "RecordSet": ...
    def __getitem__(self, index: int | slice) -> "Record | RecordSet":
        if isinstance(index, slice):
            return replace(self, records=self.records[index])
        return self.records[index]

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    @property
    def classes(self) -> list[str]:
        """The labels that occur, sorted."""
        return sorted({record.label for record in self.records if record.label is not None})

    def where(self, keep: Callable[[Record], bool]) -> "RecordSet":
        """The records for which `keep` is true."""
        return replace(self, records=tuple(record for record in self.records if keep(record)))

    def set_aside(self, reason_of: Callable[[Record], str]) -> "RecordSet":
        """The records for which `reason_of` is empty; the others are added to `unused`, with the reason."""
        reasons = [reason_of(record) for record in self.records]
        pairs = list(zip(self.records, reasons, strict=True))
        left_out = tuple(Failure(record.id, reason) for record, reason in pairs if reason)
        return replace(
            self, records=tuple(record for record, reason in pairs if not reason), unused=(*self.unused, *left_out)
        )

    def split(self, name: str) -> "RecordSet":
        """The records of one split (`train`, `val` or `test`).

        Raises:
            TriptychError: there are none.
        """
        chosen = self.where(lambda record: record.split == name)
        if not chosen:
            found = ", ".join(f"{split} ({n})" for split, n in self.split_sizes().items()) or "no records"
            raise TriptychError(f"no record is in the split {name!r}; found {found}. Name another split")
        return chosen

    def split_sizes(self) -> dict[str, int]:
        """The number of records in each split."""
        return dict(Counter(record.split or "no split" for record in self.records))
