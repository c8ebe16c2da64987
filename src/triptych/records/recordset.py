"""A data set: records in a fixed order, with what could not be taken from its source."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from triptych.errors import TriptychError
from triptych.records.record import Record


@dataclass(frozen=True)
class Failure:
    """An input that could not be used, and why, in words for the user."""

    id: str
    message: str


@dataclass(frozen=True)
class RecordSet(Sequence[Record]):
    """Records in a fixed order.

    Attributes:
        records: the records.
        warnings: what the source held that was left out (a manifest's column of lists, say).
    """

    records: tuple[Record, ...]
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> "RecordSet": ...
    def __getitem__(self, index: int | slice) -> "Record | RecordSet":
        if isinstance(index, slice):
            return RecordSet(self.records[index], self.warnings)
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
        """The records for which `keep` holds."""
        return RecordSet(tuple(record for record in self.records if keep(record)), self.warnings)

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
        """How many records each split has."""
        return dict(Counter(record.split or "no split" for record in self.records))
