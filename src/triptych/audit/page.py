"""The page of an audit: a summary in words, the findings of each kind, and the suspects with their pictures.

It is one file without scripts and without references to other files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triptych import __version__
from triptych.audit.audit import Audit, AuditedRecord
from triptych.audit.finding import KINDS, Finding
from triptych.audit.summary import HEADLINES, SURE, Headline, summary
from triptych.errors import RecordError
from triptych.records import Record
from triptych.records.fields import order_fields
from triptych.report.formatting import count, reading_name, reading_value, share
from triptych.report.html import package_text, template_environment
from triptych.report.pictures import data_uri

SHOWN = 24  # findings of each kind that are shown with pictures
LISTED = 200  # findings of each kind that are listed in words
READINGS = 16  # numbers of a record that are shown


@dataclass(frozen=True)
class Suspect:
    """A record of a finding, prepared for display.

    Attributes:
        id: its name.
        picture: its `data:` URI; empty if there is none.
        no_picture: why there is none.
        label: the given label.
        record: the doubt about its label; None if it could not be prepared.
        readings: heading and value of each number.
    """

    id: str
    picture: str
    no_picture: str
    label: str
    record: AuditedRecord | None
    readings: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """A finding with the records that it accuses."""

    anchor: str
    finding: Finding
    suspects: Sequence[Suspect]


@dataclass(frozen=True)
class Section:
    """The findings of one kind: some with pictures, the next ones in words, and the number of the others."""

    kind: str
    headline: Headline
    cards: Sequence[Card]
    listed: Sequence[Finding]
    total: int

    @property
    def left_out(self) -> int:
        """The number of findings that are not shown."""
        return self.total - len(self.cards) - len(self.listed)


def audit_page(audit: Audit, records: Sequence[Record], title: str) -> str:
    """The audit of `records` as HTML."""
    pictures = {record.id: record for record in records}
    environment = template_environment("triptych.audit")
    environment.filters |= {"share": share}
    environment.globals |= {"count": count, "sure": SURE}
    return environment.get_template("audit.html.j2").render(
        title=title,
        version=__version__,
        audit=audit,
        summary=summary(audit),
        sections=[_section(audit, pictures, kind) for kind in KINDS],
        settings=audit.config.audit.model_dump(mode="json"),
        style=package_text("triptych.report", "report.css") + package_text("triptych.audit", "audit.css"),
    )


def _section(audit: Audit, pictures: dict[str, Record], kind: str) -> Section:
    findings = audit.of_kind(kind)
    with_records = [finding for finding in findings if finding.records]
    shown = with_records[:SHOWN]
    rest = [finding for finding in findings if finding not in shown]
    judged = {record.id: record for record in audit.records}
    cards = [
        Card(
            f"{kind}-{place}", finding, [_suspect(audit, pictures[name], judged.get(name)) for name in finding.records]
        )
        for place, finding in enumerate(shown, start=1)
    ]
    return Section(kind, HEADLINES[kind], cards, rest[:LISTED], len(findings))


def _suspect(audit: Audit, record: Record, judged: AuditedRecord | None) -> Suspect:
    picture, reason = "", ""
    try:
        picture = data_uri(record.id, record.image, audit.decoder)
    except RecordError as error:
        reason = str(error)
    readings = judged.readings if judged else {}
    named = [(reading_name(name), reading_value(name, readings[name])) for name in order_fields(readings)[:READINGS]]
    return Suspect(record.id, picture, reason, record.label or "", judged, named)
