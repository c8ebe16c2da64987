"""The page of an attribute agreement analysis: its figures with intervals and verdicts, kappas, and disputed items."""

from collections import Counter
from dataclasses import dataclass

from triptych.agreement.ratings import Ratings
from triptych.agreement.statistics import LIMITS, Agreement, Figure
from triptych.report.formatting import NONE, count
from triptych.report.html import package_text, template_environment

WIDTH, MARGIN = 160, 6  # px, of the bar of a share, and at its ends
LISTED = 500  # disputed items that the page lists; `--json` has all
HEADINGS = ("", "share", "95% interval", "verdict")
TONES = {"acceptable": "good", "marginal": "warning", "not acceptable": "bad"}


@dataclass(frozen=True)
class Bar:
    """A share with its interval, in px from the left of a bar of WIDTH that reaches from 0 to 100%."""

    low: float
    high: float
    at: float


@dataclass(frozen=True)
class Disputed:
    """An item with its reference and its labels by appraiser."""

    item: str
    reference: str
    labels: list[str]


def figure_cells(figure: Figure) -> tuple[str, str, str, str]:
    """The cells of one figure, under HEADINGS."""
    rate, interval = figure.rate, figure.rate.interval()
    share = "" if rate.share is None else f"{100 * rate.share:.1f}% ({rate.count} of {rate.records})"
    return figure.what, share, f"{100 * interval.low:.1f} to {100 * interval.high:.1f}%", figure.verdict


def summary(found: Agreement, items: int) -> str:
    """The result in two sentences."""
    verdicts = Counter(figure.verdict if figure.verdict in TONES else "not shown" for figure in _judged(found))
    sentences = [f"{count(items, 'item')}, {len(found.disputed):,} of them disputed."]
    if verdicts:
        parts = ", ".join(f"{verdicts[name]} {name}" for name in (*TONES, "not shown") if verdicts[name])
        sentences.append(f"Of {count(verdicts.total(), 'rate')} with usual limits: {parts}.")
    return " ".join(sentences)


def agreement_page(found: Agreement, ratings: Ratings, title: str) -> str:
    """The page of the analysis `found` of `ratings` as HTML."""
    environment = template_environment("triptych.agreement")
    environment.globals |= {"count": count}
    return environment.get_template("agreement.html.j2").render(
        title=title,
        summary=summary(found, len(ratings.items)),
        headings=[name.capitalize() for name in HEADINGS],
        rows=[(figure_cells(figure), _bar(figure), TONES.get(figure.verdict, "")) for figure in found.figures],
        limits={name: (f"{100 * good:g}%", f"{100 * fair:g}%") for name, (good, fair) in LIMITS.items()},
        kappas={name: NONE if kappa is None else f"{kappa:.2f}" for name, kappa in found.kappas.items()},
        confused=found.confused,
        appraisers=list(ratings.trials),
        disputed=_disputed(found, ratings),
        left_out=max(0, len(found.disputed) - LISTED),
        has_reference=ratings.reference is not None,
        notes=ratings.notes,
        width=WIDTH,
        style=package_text("triptych.report", "report.css"),
    )


def _judged(found: Agreement) -> list[Figure]:
    """The figures that have usual limits."""
    return [figure for figure in found.figures if figure.verdict and figure.rate.records]


def _bar(figure: Figure) -> Bar | None:
    """The bar of a share; None if it is a share of nothing."""
    if figure.rate.share is None:
        return None
    interval, scale = figure.rate.interval(), WIDTH - 2 * MARGIN
    low, high, at = (round(MARGIN + part * scale, 1) for part in (interval.low, interval.high, figure.rate.share))
    return Bar(low, high, at)


def _disputed(found: Agreement, ratings: Ratings) -> list[Disputed]:
    """The first disputed items; the labels of several trials are joined."""
    places = {item: i for i, item in enumerate(ratings.items)}
    rows = []
    for item in found.disputed[:LISTED]:
        i = places[item]
        labels = [", ".join(dict.fromkeys(trial[i] for trial in trials)) for trials in ratings.trials.values()]
        rows.append(Disputed(item, ratings.reference[i] if ratings.reference else "", labels))
    return rows
