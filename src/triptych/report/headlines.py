"""The top of the report: a summary of the decisions, and the most important numbers.

Accepted records are released without a person looking at them, so escapes among them matter most. Their number is
always shown, also if it is zero.
"""

from dataclasses import dataclass
from typing import Literal

from triptych.report.data import ReportData
from triptych.report.formatting import NONE, count, percent, share

Tone = Literal["plain", "good", "bad"]


@dataclass(frozen=True)
class Headline:
    """One number: its name, value and basis, and whether it is good or bad."""

    name: str
    value: str
    basis: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Tally:
    """The number of records by outcome.

    Attributes:
        total: all records.
        failed: records that could not be read; they are for review.
        accepted: records released without review.
        review: records that a person must look at, including `failed`.
        labelled: accepted records whose label is known.
        escaped: defective records that were accepted as normal.
    """

    total: int
    failed: int
    accepted: int
    review: int
    labelled: int
    escaped: int


def tally(data: ReportData) -> Tally:
    """Count the records of `data` by outcome."""
    accepted = [record for record in data.records if record.decision == "accept"]
    return Tally(
        total=len(data.records),
        failed=sum(bool(record.error) for record in data.records),
        accepted=len(accepted),
        review=len(data.records) - len(accepted),
        labelled=sum(record.label is not None for record in accepted),
        escaped=sum(data.is_escape(record) for record in accepted),
    )


def summary(data: ReportData) -> str:
    """The outcome in two or three sentences."""
    n = tally(data)
    sentences = [f"{count(n.total, 'record')}: {n.accepted:,} accepted, {n.review:,} for a person to look at."]
    if n.failed:
        sentences.append(f"{n.failed:,} of these could not be read.")
    if data.normal is not None and n.labelled:
        escaped = count(n.escaped, "defective record") if n.escaped else "No defective record"
        sentences.append(f"{escaped} {'were' if n.escaped > 1 else 'was'} accepted as {data.normal}.")
    return " ".join(sentences)


def headlines(data: ReportData) -> list[Headline]:
    """The numbers at the top of the page; scores only if there are labels."""
    return [*_scores(data), *_decisions(data)]


def _scores(data: ReportData) -> list[Headline]:
    if data.scores is None:
        return []
    scores = data.scores
    basis = f"mean F1 of the classes, {count(scores.n, 'record')}"
    shown = [Headline(f"{len(scores.classes)}-class macro-F1", percent(scores.macro_f1), basis)]
    if scores.binary:
        f1 = scores.binary.f1
        basis = f"normal {percent(f1['normal'])}, defective {percent(f1['defective'])}"
        shown.append(Headline("Normal / defective macro-F1", percent(scores.binary.macro_f1), basis))
    return shown


def _decisions(data: ReportData) -> list[Headline]:
    n = tally(data)
    accepted = share(n.accepted / n.total) if n.total else NONE
    shown = [Headline("Accepted", accepted, f"{n.accepted:,} of {n.total:,} released without review")]
    if data.normal is not None and n.labelled:
        basis = f"of {count(n.labelled, 'accepted record')}: defective, called {data.normal}"
        shown.append(Headline("Escapes", f"{n.escaped:,}", basis, "bad" if n.escaped else "good"))
    else:
        shown.append(Headline("For review", f"{n.review:,}", "a person must look at them"))
    return shown
