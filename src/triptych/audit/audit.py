"""Audits a labelled data set: prepares its records, cross-fits cheap experts, and collects all findings.

All labelled records are audited together, whatever their split. Nothing is stored but caches: the experts are trained
only for their out-of-fold probabilities.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from triptych.audit.batch_effects import batch_divisions, batch_findings, measured
from triptych.audit.class_sizes import size_findings
from triptych.audit.contradictions import contradiction_findings
from triptych.audit.duplicates import Difference, duplicate_findings, find_duplicates, number_differences
from triptych.audit.finding import KINDS, Finding
from triptych.audit.label_errors import Doubts, Indices, doubt_labels, label_findings
from triptych.audit.leaks import identifying_fields, leak_findings
from triptych.audit.neighbours import READINGS, Space, nearest, picture_space, reading_space
from triptych.config import Config
from triptych.network.compute import threads_for
from triptych.progress import Track, silent
from triptych.records import Decoder, Failure, RecordSet, find_normal
from triptych.records.splits import sides
from triptych.training.checkpoints import Checkpoints
from triptych.training.cross_fitting import cross_fit, divide
from triptych.training.fitting import drawing
from triptych.training.training_data import MIN_PER_CLASS, TrainingData, collect
from triptych.training.training_sets import Records

NEAREST_SHOWN = 5  # neighbours that a record lists for each space


@dataclass(frozen=True)
class AuditedRecord:
    """One record and the doubt about its label.

    Attributes:
        id, label, split, group: of the record.
        image: its picture.
        rank: 1 for the most doubtful label.
        doubt: 0..1, see `label_errors.Doubts`.
        suggested: the most probable other class.
        probabilities: by class, of the pool of experts and neighbours.
        experts: the most probable class by every expert, out of fold, and its probability.
        agreeing: the share of nearest neighbours with the same label; None without neighbours.
        neighbours: the ids and labels of the nearest records in each space.
        readings: its numbers and words.
    """

    id: str
    label: str
    split: str | None
    group: str | None
    image: Path | Image.Image = field(repr=False)
    rank: int
    doubt: float
    suggested: str
    probabilities: dict[str, float]
    experts: dict[str, tuple[str, float]]
    agreeing: float | None
    neighbours: dict[str, list[tuple[str, str]]]
    readings: dict[str, float | str] = field(repr=False)


@dataclass(frozen=True)
class Audit:
    """The result of an audit.

    Attributes:
        classes: the labels of all audited records, sorted.
        counts: the number of records of each class, also of those that could not be prepared.
        normal: the class of good records, if there is one.
        records: the prepared records by decreasing doubt.
        findings: in the order of `KINDS`.
        expected_errors: the estimated number of wrong labels.
        agreement: the share of labels that are the most probable class by experts and neighbours.
        compared: the number of pictures that were compared for duplicates.
        experts: the names of the experts whose out-of-fold probabilities are used.
        failures: the records that could not be used.
        warnings: what else the user should know.
        config: the configuration.
        decoder: of the pictures.
    """

    classes: list[str]
    counts: dict[str, int]
    normal: str | None
    records: list[AuditedRecord] = field(repr=False)
    findings: list[Finding]
    expected_errors: float
    agreement: float
    compared: int
    experts: list[str]
    failures: list[Failure]
    warnings: tuple[str, ...]
    config: Config = field(repr=False)
    decoder: Decoder = field(repr=False)

    def of_kind(self, kind: str) -> list[Finding]:
        """The findings of one of `KINDS`."""
        return [finding for finding in self.findings if finding.kind == kind]

    def kinds_of(self, name: str) -> list[str]:
        """The kinds of the findings that accuse the record `name`."""
        return [kind for kind in KINDS if any(name in finding.records for finding in self.of_kind(kind))]


def audit_records(records: RecordSet, config: Config, track: Track = silent) -> Audit:
    """Audit the labelled `records`.

    Args:
        records: records with labels; splits and groups are used if they have them.
        config: the configuration; `audit` sets the tests, `audit.experts` the experts.
        track: shows progress.

    Raises:
        TriptychError: fewer than two classes with two records, or a normal class that is not one of them.
    """
    config = config.with_settings(
        {"experts": list(config.audit.experts), "augment.tda": "none", "encoders.tune": "frozen"}
    )
    counts = Counter(record.label or "" for record in records)
    usable = records.where(lambda record: counts[record.label or ""] >= MIN_PER_CLASS)
    with threads_for(config):
        data = collect(usable, config, track)
        judged = _judge(data, track)
        pairs = find_duplicates(records, track, config.seed)
        classes = sorted(counts)
        normal = data.normal or find_normal(classes, config.normal)
        findings = [
            *judged.findings,
            *duplicate_findings(records, pairs.pairs, judged.difference(data), config.audit),
            *contradiction_findings(data.prepared, config.audit.deviations),
            *_tested(data, judged),
            *size_findings(list(records), normal, config),
        ]
    return Audit(
        classes=classes,
        counts={name: counts[name] for name in classes},
        normal=normal,
        records=judged.records,
        findings=sorted(findings, key=lambda finding: KINDS.index(finding.kind)),
        expected_errors=judged.doubts.expected,
        agreement=judged.doubts.agreement,
        compared=pairs.compared,
        experts=judged.experts,
        failures=data.failures,
        warnings=(*data.warnings, *judged.warnings),
        config=config,
        decoder=data.decoder,
    )


@dataclass(frozen=True)
class _Judged:
    """The doubts about the labels of prepared records, and what the tests need."""

    doubts: Doubts
    labels: Indices
    spaces: list[Space]
    records: list[AuditedRecord]
    findings: list[Finding]
    experts: list[str]
    warnings: tuple[str, ...]

    def difference(self, data: TrainingData) -> Difference:
        """How much the numbers of two records differ."""
        numbers = next((space for space in self.spaces if space.name == READINGS), None)
        return number_differences(data.prepared, numbers)


def _judge(data: TrainingData, track: Track) -> _Judged:
    """Cross-fit the experts, find the neighbours, and rank the labels by doubt."""
    config, items = data.config, data.prepared
    records = Records.of(config, data.classes, items)
    by_expert: dict[str, Tensor] = {}
    rows: list[int] = []
    warnings: tuple[str, ...] = ()
    if folds := divide(records):
        found = cross_fit(records, folds, drawing(data, track), Checkpoints(None, ""), track)
        by_expert, rows = found.by_expert, found.rows
    if len(rows) < len(items):
        warnings = (f"{len(items) - len(rows)} record(s) are in no fold; their labels are judged by neighbours alone",)
    numbers = reading_space(items)
    spaces = [*([numbers] if numbers else []), picture_space(items, config.encoders.image_components)]
    together = sides([item.record for item in items])
    near = {space.name: nearest(space, together, config.audit.neighbours) for space in spaces}
    labels = np.array([data.classes.index(item.record.label or "") for item in items], dtype=np.int64)
    doubts = doubt_labels(by_expert, rows, near, labels, len(data.classes), config.pool)
    return _Judged(
        doubts=doubts,
        labels=labels,
        spaces=spaces,
        records=_records(data, doubts, by_expert, rows, near),
        findings=label_findings(
            doubts, labels, [item.record.id for item in items], data.classes, config.audit.label_doubt
        ),
        experts=list(by_expert),
        warnings=warnings,
    )


def _tested(data: TrainingData, judged: _Judged) -> list[Finding]:
    """Leaks and batch effects."""
    config, records = data.config, [item.record for item in data.prepared]
    fields = identifying_fields(data.prepared, data.classes)
    leaks = leak_findings(data.prepared, fields, config.audit, config.seed)
    divisions, space = batch_divisions(records, fields), measured(judged.spaces, fields)
    return [*leaks, *batch_findings(space, divisions, judged.labels, config.audit, config.seed)]


def _records(
    data: TrainingData,
    doubts: Doubts,
    by_expert: dict[str, Tensor],
    rows: Sequence[int],
    near: dict[str, Indices],
) -> list[AuditedRecord]:
    """All records by decreasing doubt."""
    place_of = {row: place for place, row in enumerate(rows)}
    found = []
    for rank, row in enumerate(doubts.order, start=1):
        item, shares = data.prepared[row], doubts.probabilities[row]
        calls = {}
        if (place := place_of.get(row)) is not None:
            for name, logs in by_expert.items():
                top = int(logs[place].argmax())
                calls[name] = (data.classes[top], float(logs[place, top].exp()))
        neighbours = {
            name: [data.prepared[other].record for other in places[row][:NEAREST_SHOWN] if other >= 0]
            for name, places in near.items()
        }
        agreeing = float(doubts.agreeing[row])
        found.append(
            AuditedRecord(
                id=item.record.id,
                label=item.record.label or "",
                split=item.record.split,
                group=item.record.group,
                image=item.record.image,
                rank=rank,
                doubt=float(doubts.doubt[row]),
                suggested=data.classes[int(doubts.suggested[row])],
                probabilities=dict(zip(data.classes, shares.tolist(), strict=True)),
                experts=calls,
                agreeing=None if np.isnan(agreeing) else agreeing,
                neighbours={name: [(one.id, one.label or "") for one in some] for name, some in neighbours.items()},
                readings=dict(item.reading.values),
            )
        )
    return found
