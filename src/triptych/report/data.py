"""What a report is made of: the run's scores, curves and facts, and what was decided on each record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from triptych.decision.policy import Verdict
from triptych.evaluation import Scores
from triptych.records import Decoder


@dataclass(frozen=True)
class ReportRecord:
    """One record as a report shows it.

    Attributes:
        id: what tables call it.
        image: its picture, in memory or as a file that is read only if the record is shown; None where there is none.
        label: what it is, where known.
        predicted: what it was called; None when it could not be read.
        confidence: probability of `predicted`, 0..1.
        probabilities: of every class, 0..1.
        decision: `accept` or `review`.
        readings: its named numbers (in um where they are lengths) and words.
        problems: why a person must look, in words: what does not add up in its readings, a low confidence.
        description: the VLM's answer about the picture.
        reasoning: the LLM's answer about the readings.
        error: why it could not be read; empty when it could.
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

    @property
    def is_wrong(self) -> bool:
        """Known to be called what it is not."""
        return None not in (self.label, self.predicted) and self.label != self.predicted


@dataclass(frozen=True)
class ReportData:
    """Everything that a report shows.

    Attributes:
        title: its heading.
        created: when it was made, in words.
        scores: None when the records carry no labels.
        classes: every class that the model knows.
        normal: the one of `classes` that is no defect; None where there is none.
        curves: the training curves, `{"phase": str, "epoch": int, "losses": {name: value}}` each, in the order in which
            they came. A phase is a word, and perhaps the share of the training set: `warm-up`, `align 0.2`, `fusion`.
        records: all records, also those that could not be read.
        facts: what the run was: data set, sizes, providers, times, versions, seed.
        notes: what a reader must know so as not to be misled.
        config_yaml: the configuration.
        decoder: what decodes the pictures of the records.
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
    decoder: Decoder = field(default_factory=Decoder)

    def is_escape(self, record: ReportRecord) -> bool:
        """A defective record called normal."""
        return record.is_wrong and self.normal is not None and record.predicted == self.normal

    def is_overkill(self, record: ReportRecord) -> bool:
        """A normal record called defective."""
        return record.is_wrong and self.normal is not None and record.label == self.normal
