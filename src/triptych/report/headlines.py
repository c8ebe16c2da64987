"""What a reader sees first: what became of the records, in a sentence, and the few numbers that matter most.

Accepted records are released without a person looking, so an escape among them is what a line fears most: it stands
here even when it is zero.
"""

from dataclasses import dataclass
from typing import Literal

from triptych.report.data import ReportData
from triptych.report.words import NONE, count, percent, share

Tone = Literal["plain", "good", "bad"]


@dataclass(frozen=True)
class Headline:
    """One number: what it is, its value, what it rests on, and whether it is good or bad news in itself."""

    name: str
    value: str
    basis: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Tally:
    """What became of the records.

    Attributes:
        total: all of them.
        failed: could not be read; they are for review.
        accepted: released without review.
        review: a person must look, or the record could not be read.
        labelled: accepted records whose label is known.
        escaped: accepted as normal though defective.
    """

    total: int
    failed: int
    accepted: int
    review: int
    labelled: int
    escaped: int


def tally(data: ReportData) -> Tally:
    """Counts the records of `data` by what became of them."""
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
    """The numbers at the top of the page; scores only where there are labels."""
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
