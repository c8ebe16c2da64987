"""The contents of a report: the run's scores, curves and facts, and the decision on each record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from triptych.decision.policy import Verdict
from triptych.evaluation import Scores
from triptych.records import Decoder
from triptych.report.alignment import AlignmentSection
from triptych.report.audit_section import AuditSection
from triptych.report.learning_curve import LearningCurve
from triptych.report.promises import Promises


@dataclass(frozen=True)
class ReportRecord:
    """One record as a report shows it.

    Attributes:
        id: its name in tables.
        image: its picture, in memory or as a file that is read only if the record is shown; None without a picture.
        label: its true class, if known.
        predicted: its predicted class; None if it could not be read.
        confidence: probability of `predicted`, 0..1.
        probabilities: of every class, 0..1.
        decision: `accept` or `review`.
        readings: its named numbers (lengths in um) and words.
        problems: the reasons for review, such as inconsistent readings or a low confidence.
        description: the VLM's answer about the picture.
        reasoning: the LLM's answer about the readings.
        error: why it could not be read; empty when it could.
        experts: what each expert called it, and with which probability.
    """

    id: str
    image: Path | Image.Image | None
    label: str | None
    predicted: str | None
    confidence: float
    probabilities: Mapping[str, float]
    decision: Verdict
    readings: Mapping[str, float | str]
    problems: Sequence[str]
    description: str
    reasoning: str
    error: str = ""
    experts: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether the prediction is known to be wrong."""
        return None not in (self.label, self.predicted) and self.label != self.predicted


@dataclass(frozen=True)
class ReportData:
    """Everything that a report shows.

    Attributes:
        title: its heading.
        created: the date and time of its creation, as text.
        scores: None if the records have no labels.
        classes: all classes of the model.
        normal: the normal class; None if there is none.
        curves: the training curves, each `{"phase": str, "epoch": int, "losses": {name: value}}`, in order. A phase is
            a word, for alignment with the share of the training set: `warm-up`, `align 0.2`, `fusion`.
        records: all records, including those that could not be read.
        facts: facts of the run: data set, sizes, providers, times, versions, seed.
        notes: caveats, without which a reader could be misled.
        config_yaml: the configuration.
        promises: what is promised and seen; None if the records have no labels.
        alignment: the panels before and after alignment; None if nothing was aligned.
        learning_curve: of a benchmark; None if none was given.
        audit: the audit of the data set; None if it was not audited.
        decoder: decodes the pictures of the records.
    """

    title: str
    created: str
    scores: Scores | None
    classes: Sequence[str]
    normal: str | None
    curves: Sequence[Mapping[str, Any]]
    records: Sequence[ReportRecord]
    facts: Mapping[str, str]
    notes: Sequence[str]
    config_yaml: str
    promises: Promises | None = None
    alignment: AlignmentSection | None = None
    learning_curve: LearningCurve | None = None
    audit: AuditSection | None = None
    decoder: Decoder = field(default_factory=Decoder)

    def is_escape(self, record: ReportRecord) -> bool:
        """Whether a defective record was called normal."""
        return record.is_wrong and self.normal is not None and record.predicted == self.normal

    def is_overkill(self, record: ReportRecord) -> bool:
        """Whether a normal record was called defective."""
        return record.is_wrong and self.normal is not None and record.label == self.normal
