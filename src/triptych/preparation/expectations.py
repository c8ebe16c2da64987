"""Learns what a record is expected to have: what nearly all training records have.

Expectations are learned from the training records only and stored with the model: the fields of their readings, a
table, a plot, and the range of every number. A record that lacks one of these, or has a number far outside its range,
goes to review. Nothing else is expected: if the model was trained on pictures without tables, a picture without a table
has no problem.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol, Self

from triptych.preparation.ranges import Range
from triptych.reading import Reading
from triptych.records import Readings, Record

NEARLY_ALL = 0.95  # share of the training records from which on something is expected of every record
USUAL = 0.5  # share of the training records with a table; a problem that so many have is not a reason for review
NAMED = 3  # most absent fields that are named one by one; more are named in one reason

Kind = Literal["number", "text", "mixed"]


class Readable(Protocol):
    """A record and its readings."""

    @property
    def record(self) -> Record:
        """The record."""

    @property
    def reading(self) -> Reading:
        """Its readings and its digitised plot."""


@dataclass(frozen=True)
class Field:
    """One field of the training records' readings.

    Attributes:
        share: the share of the training records that have it, 0..1.
        given: whether it came with the records, as a column, and was not read from the picture.
        kind: the type of nearly all of its values; `mixed` if there is no such type.
        range: the range of its values; None unless `kind` is `number`.
    """

    share: float
    given: bool
    kind: Kind
    range: Range | None = None

    @classmethod
    def of(cls, values: Sequence[float | str], records: int, *, given: bool) -> Self:
        """The field with `values`, one from each training record that has it; `records` is the number of all."""
        numbers = [value for value in values if not isinstance(value, str)]
        share = len(numbers) / len(values)
        kind: Kind = "number" if share >= NEARLY_ALL else "text" if share <= 1 - NEARLY_ALL else "mixed"
        return cls(len(values) / records, given, kind, Range.of(numbers) if kind == "number" else None)

    @property
    def expected(self) -> bool:
        """Whether every record is expected to have it."""
        return self.share >= NEARLY_ALL


@dataclass(frozen=True)
class Judged:
    """The findings about one record's reading.

    Attributes:
        problems: the problems of the reading, except those that are usual among the training records.
        faults: the problems that report more than an absence.
        deviations: how the record differs from the training records, in words.
    """

    problems: tuple[str, ...]
    faults: tuple[str, ...]
    deviations: tuple[str, ...] = ()


def judge(expected: "Expectations | None", reading: Reading) -> Judged:
    """The findings about `reading`; without expectations, all of its problems."""
    return expected.judge(reading) if expected else Judged(tuple(reading.problems), tuple(reading.problems))


@dataclass(frozen=True)
class Expectations:
    """What the training records have.

    Attributes:
        fields: the fields of their readings, by name.
        tables: the share of the records whose table was read from the picture, 0..1.
        given: the share of the records that came with readings, 0..1.
        plots: the share of the records whose picture has a plot, 0..1.
        usual: the problems that are common among their tables, in the form that `_pattern` gives.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    tables: float = 0.0
    given: float = 0.0
    plots: float = 0.0
    usual: tuple[str, ...] = ()

    @classmethod
    def learn(cls, training: Sequence[Readable]) -> Self:
        """Learn expectations from the readings of `training` records."""
        count = max(len(training), 1)
        values: dict[str, list[float | str]] = {}
        for item in training:
            for name, value in item.reading.values.items():
                if not _is_empty(value):
                    values.setdefault(name, []).append(value)
        given = {name for item in training for name in item.record.readings}
        read = [item.reading for item in training if item.reading.table and not item.record.readings]
        found = Counter(problem for reading in read for problem in {_pattern(problem) for problem in reading.problems})
        return cls(
            fields={name: Field.of(some, count, given=name in given) for name, some in values.items()},
            tables=len(read) / count,
            given=sum(bool(item.record.readings) for item in training) / count,
            plots=sum(item.reading.plot is not None for item in training) / count,
            usual=tuple(sorted(problem for problem, n in found.items() if n >= USUAL * len(read))),
        )

    @property
    def columns(self) -> list[str]:
        """The fields that came with the training records, as columns."""
        return [name for name, known in self.fields.items() if known.given]

    @property
    def required(self) -> list[str]:
        """What nearly all training records have: `table`, `plot`, and the names of fields."""
        parts = {"table": self.tables, "plot": self.plots}
        fields = [name for name, known in self.fields.items() if known.expected]
        return [*(name for name, share in parts.items() if share >= NEARLY_ALL), *fields]

    def conform(self, readings: Readings) -> Readings:
        """The given `readings` of a record that the model knows, as numbers or text as in training."""
        return {name: _as(self.fields[name].kind, value) for name, value in readings.items() if name in self.fields}

    def judge(self, reading: Reading) -> "Judged":
        """The findings about a record with this `reading`."""
        problems = self._problems(reading)
        faults = [problem for problem in problems if problem not in reading.absent]
        return Judged(tuple(problems), tuple(faults), tuple(self._deviations(reading, faults)))

    def _problems(self, reading: Reading) -> list[str]:
        """The problems of `reading`, except usual ones and the absence of what is not expected."""
        expected = {problem for problem in reading.absent if self._is_expected(problem)}
        return [
            problem
            for problem in reading.problems
            if (problem in expected if problem in reading.absent else _pattern(problem) not in self.usual)
        ]

    def _deviations(self, reading: Reading, faults: Sequence[str]) -> Iterator[str]:
        """Expected things that are absent, an unexpected plot, and numbers outside their range."""
        if not reading.table and self.tables >= NEARLY_ALL:
            yield f"no table was found in the picture, and {_percent(self.tables)} of the training records have one"
        else:
            named = " ".join(fault.partition(":")[0] for fault in faults).replace(",", "").split()
            absent = [n for n, f in self.fields.items() if f.expected and _is_empty(reading.values.get(n))]
            yield from self._absences([name for name in absent if name not in named])
        if reading.plot is None and self.plots >= NEARLY_ALL:
            yield f"no plot was found in the picture, and {_percent(self.plots)} of the training records have one"
        elif reading.plot is not None and self.plots == 0:
            yield "a plot was found in the picture, and none of the training records has one"
        yield from self._outliers(reading.values)

    def _absences(self, names: Sequence[str]) -> Iterator[str]:
        if len(names) > NAMED:
            least = min(self.fields[name].share for name in names)
            listed = ", ".join(names)
            yield f"fields {listed}: not found, and at least {_percent(least)} of the training records have each"
            return
        for name in names:
            known = self.fields[name]
            what = "empty" if known.given else "not found"
            yield f"field {name}: {what}, and {_percent(known.share)} of the training records have it"

    def _outliers(self, values: Readings) -> Iterator[str]:
        for name, value in values.items():
            known = self.fields.get(name)
            if known is None or known.range is None:
                continue
            if isinstance(value, str):
                if value.strip():
                    yield f"field {name}: {value!r} is not a number, as it is in the training records"
            elif not known.range.holds(value):
                seen = f"{known.range.low:.6g} to {known.range.high:.6g}"
                yield f"field {name}: {value:.6g} is far outside the range of the training records, {seen}"

    def _is_expected(self, problem: str) -> bool:
        """Whether nearly all training records have what `problem` reports as absent."""
        subject = problem.partition(":")[0]
        if subject == "table":
            return self.tables >= NEARLY_ALL
        if subject == "rings":
            return any(f.expected for name, f in self.fields.items() if name.startswith("ring_"))
        return subject in self.fields and self.fields[subject].expected

    def to_json(self) -> dict[str, Any]:
        """As plain values, for the model's folder."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Restore from the values of `to_json`.

        Raises:
            KeyError, TypeError: `kept` has another form.
        """
        fields = {
            name: Field(**{**f, "range": f["range"] and Range(**f["range"])}) for name, f in kept["fields"].items()
        }
        return cls(**{**kept, "fields": fields, "usual": tuple(kept["usual"])})


def _pattern(problem: str) -> str:
    """A problem without its numbers and quoted texts, which differ from record to record."""
    subject, colon, words = problem.partition(":")
    return subject + colon + re.sub(r"'[^']*'|[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", "#", words)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share == 1 else f"{min(100 * share, 99.9):.3g}%"


def _is_empty(value: float | str | None) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def _as(kind: Kind, value: float | str) -> float | str:
    """`value` converted to the type of `kind`; text that is not a number stays text."""
    if kind == "number" and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    if kind == "text" and not isinstance(value, str):
        return f"{value:.15g}"
    return value
