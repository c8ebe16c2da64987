"""Prepares training records: reads them, asks about them and encodes them."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from triptych.answers.missing import missing_answers
from triptych.cache import digest
from triptych.config import Config
from triptych.decision.operating_point import check_wish
from triptych.errors import InputError
from triptych.preparation.expectations import Expectations
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.preparation.state import PreparerState
from triptych.preparation.table_survey import Survey
from triptych.progress import Track
from triptych.records import Decoder, Failure, RecordSet, find_normal, summarised

MIN_PER_CLASS = 2


@dataclass(frozen=True)
class TrainingData:
    """Prepared training records.

    Attributes:
        config: the configuration they were prepared with.
        classes: the labels, sorted.
        normal: the class of good records, if there is one.
        state: what preparation learned from them.
        prepared: the records that could be used.
        failures: the other records, and why they could not be used.
        warnings: warnings about the records, for the user.
        seconds: the duration of each step, in s.
        survey: how many of their pictures were searched for tables.
    """

    config: Config
    classes: list[str]
    normal: str | None
    state: PreparerState
    prepared: list[Prepared] = field(repr=False)
    failures: list[Failure]
    warnings: tuple[str, ...]
    seconds: dict[str, float]
    survey: Survey

    @property
    def decoder(self) -> Decoder:
        """The decoder of their pictures."""
        return Decoder(self.config.reading, self.state.depth)

    @property
    def answers_mark(self) -> str:
        """A digest of the answers about the records."""
        return digest(*(part for item in self.prepared for part in (item.answers.description, item.answers.reasoning)))

    @property
    def counts(self) -> dict[str, int]:
        """The number of records of each class."""
        found = Counter(item.record.label for item in self.prepared)
        return {name: found[name] for name in self.classes}

    def facts(self) -> dict[str, Any]:
        """Facts about the records, for `metrics.json`."""
        return {
            "records": len(self.prepared),
            "tables": {"searched": self.survey.searched, "not_searched": self.survey.spared},
            "expected": self.state.expected.required if self.state.expected else [],
            "class_counts": self.counts,
            "missing_answers": missing_answers(item.answers for item in self.prepared),
        }


def collect(records: RecordSet, config: Config, track: Track) -> TrainingData:
    """Read, ask about and encode labelled training records.

    Raises:
        TriptychError: fewer than two classes, too few usable records of one, a normal class that is not one of them, or
            a promise without a normal class.
    """
    classes = check_classes(records)
    normal = find_normal(classes, config.normal)
    check_wish(normal, config.decision)
    seconds: dict[str, float] = {}
    preparer = Preparer(config, classes)
    with _timed("prepare", seconds):
        preparer.learn_depth(records)
        survey = preparer.survey(records, track)
        preparer.draw_shots(records)
        items = list(preparer.prepare(track(records, "Read, ask, encode")))
    prepared = [item for item in items if isinstance(item, Prepared)]
    failures = [item for item in items if isinstance(item, Failure)]
    check_classes(RecordSet(tuple(item.record for item in prepared)), expected=classes, failures=failures)
    preparer.close()
    return TrainingData(
        config=config,
        classes=classes,
        normal=normal,
        state=_learned(preparer.state, prepared, config),
        prepared=prepared,
        failures=failures,
        warnings=(*preparer.warnings, *summarised((p.record.id, note) for p in prepared for note in p.notes)),
        seconds=seconds,
        survey=survey,
    )


def _learned(state: PreparerState, prepared: Sequence[Prepared], config: Config) -> PreparerState:
    """`state` with expectations; if no training picture has a table, new pictures are not searched for tables."""
    expected = Expectations.learn(prepared)
    return replace(state, expected=expected, search=expected.tables > 0 or config.reading.search == "always")


def check_classes(records: RecordSet, expected: Sequence[str] = (), failures: Sequence[Failure] = ()) -> list[str]:
    """The sorted classes of `records`; `failures` are records that could not be used, for the message.

    Raises:
        InputError: fewer than two, or fewer than two records of one (of `expected`, if given).
    """
    counts = Counter(record.label for record in records if record.label is not None)
    classes = sorted(expected or counts)
    if len(classes) < 2:
        found = f"only the class {classes[0]!r}" if classes else "no labelled records"
        raise InputError(f"training: found {found}; at least two classes are needed, each in a folder of its own")
    small = [name for name in classes if counts[name] < MIN_PER_CLASS]
    if small:
        reason = f"; {len(failures)} failed, the first: {failures[0].message}" if failures else ""
        raise InputError(
            f"training: class {small[0]!r} has {counts[small[0]]} usable training record(s); at least {MIN_PER_CLASS} "
            f"are needed. Add records or leave the class out{reason}"
        )
    return classes


@contextmanager
def _timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[step] = round(time.perf_counter() - start, 1)
