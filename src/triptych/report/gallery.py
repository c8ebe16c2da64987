"""Selects the records that a report shows in full: wrong and doubtful ones, the worst first.

Wrong records are ordered by harm: escapes before other errors, accepted before reviewed ones, and then by decreasing
confidence. Doubtful records are those for review that are not known to be wrong, by increasing confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triptych.errors import RecordError
from triptych.records.fields import order_fields
from triptych.report.data import ReportData, ReportRecord
from triptych.report.formatting import reading_name, reading_value
from triptych.report.pictures import data_uri

SHOWN = 24  # records of each kind
MAX_PROBABILITIES = 8


@dataclass(frozen=True)
class Bar:
    """The probability of one class, 0..1."""

    name: str
    probability: float


@dataclass(frozen=True)
class Card:
    """One record prepared for display.

    Attributes:
        anchor: the anchor of the card in the page.
        record: the record.
        kind: `escape`, `overkill`, `wrong`, or empty if it is not known to be wrong.
        picture: its `data:` URI; empty if there is none.
        no_picture: why there is none.
        bars: the most probable classes, and the true one.
        readings: heading and value of each.
    """

    anchor: str
    record: ReportRecord
    kind: str
    picture: str
    no_picture: str
    bars: list[Bar]
    readings: list[tuple[str, str]]


@dataclass(frozen=True)
class Gallery:
    """The cards of one kind, and the number of all records of this kind."""

    cards: list[Card]
    total: int

    @property
    def left_out(self) -> int:
        """The number of records that are not shown."""
        return self.total - len(self.cards)


def wrong_gallery(data: ReportData) -> Gallery:
    """The records that are known to be wrong."""

    def harm(record: ReportRecord) -> tuple[bool, bool, float]:
        return not data.is_escape(record), record.decision != "accept", -record.confidence

    return _gallery(data, sorted((record for record in data.records if record.is_wrong), key=harm), "wrong")


def doubtful_gallery(data: ReportData) -> Gallery:
    """The records for review that were read and are not known to be wrong."""
    doubtful = [
        record for record in data.records if record.decision == "review" and not record.is_wrong and not record.error
    ]
    return _gallery(data, sorted(doubtful, key=lambda record: record.confidence), "doubtful")


def failures(data: ReportData) -> list[ReportRecord]:
    """The records that could not be read."""
    return [record for record in data.records if record.error]


def _gallery(data: ReportData, records: Sequence[ReportRecord], name: str) -> Gallery:
    cards = [_card(data, record, f"{name}-{place}") for place, record in enumerate(records[:SHOWN], start=1)]
    return Gallery(cards, len(records))


def _card(data: ReportData, record: ReportRecord, anchor: str) -> Card:
    picture, no_picture = "", "No picture."
    if record.image is not None:
        try:
            picture, no_picture = data_uri(record.id, record.image, data.decoder), ""
        except RecordError as error:
            no_picture = str(error)
    return Card(anchor, record, _kind(data, record), picture, no_picture, _bars(record), _readings(record))


def _kind(data: ReportData, record: ReportRecord) -> str:
    if data.is_escape(record):
        return "escape"
    if data.is_overkill(record):
        return "overkill"
    return "wrong" if record.is_wrong else ""


def _bars(record: ReportRecord) -> list[Bar]:
    ranked = sorted(record.probabilities.items(), key=lambda item: -item[1])
    shown = ranked[:MAX_PROBABILITIES] + [item for item in ranked[MAX_PROBABILITIES:] if item[0] == record.label]
    return [Bar(*item) for item in shown]


def _readings(record: ReportRecord) -> list[tuple[str, str]]:
    return [(reading_name(name), reading_value(name, record.readings[name])) for name in order_fields(record.readings)]
