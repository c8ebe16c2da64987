"""The operating points of a model: a table and curves for the command line, for a page and for the report."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from triptych.decision.operating_point import WORDS, Evidence, Side, percent
from triptych.decision.operating_table import OperatingRow, operating_rows
from triptych.decision.outcomes import Outcomes, Rate
from triptych.errors import TriptychError
from triptych.model.model import Model
from triptych.report.charts import FRAME
from triptych.report.formatting import NONE
from triptych.report.html import package_text, template_environment
from triptych.report.xy_chart import XYChart, draw_xy


@dataclass(frozen=True)
class Points:
    """What a model can promise.

    Attributes:
        evidence: its out-of-fold probabilities.
        rows: the points for each kind of error.
    """

    evidence: Evidence = field(repr=False)
    rows: dict[Side, list[OperatingRow]]


def points_of(model: Model) -> Points:
    """What `model` can promise.

    Raises:
        TriptychError: it has no normal class or no out-of-fold probabilities.
    """
    if model.normal is None:
        raise TriptychError("operating points: no class of the model is normal; train it again with --normal")
    if model.evidence is None:
        raise TriptychError(
            "operating points: the model has no out-of-fold probabilities, because it was trained without "
            "cross-fitting or by an older version; train it again, with at least cross_fitting.least_records records"
        )
    sides: tuple[Side, ...] = ("escape", "overkill")
    rows = {side: operating_rows(model.evidence, model.counts, model.config.decision, side) for side in sides}
    return Points(model.evidence, rows)


def row_cells(side: Side, row: OperatingRow) -> list[str]:
    """The cells of one row: promised rate, threshold, errors seen, review share and its interval."""
    promise, found = row.point.promises[side], row.outcomes
    assert promise.threshold is not None
    interval = found.review.interval()
    return [
        percent(promise.rate),
        f"p({WORDS[side][1]}) {promise.threshold:.3f}",
        f"{promise.errors} of {promise.records}",
        share_of(found.review),
        f"{100 * interval.low:.1f} to {100 * interval.high:.1f}%",
    ]


def share_of(rate: Rate) -> str:
    """A rate in percent, to one decimal."""
    return NONE if rate.share is None else f"{100 * rate.share:.1f}%"


def curve(points: Points) -> XYChart:
    """The promised rate over the share of the records that go to review."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for side, rows in points.rows.items():
        lines[f"{side}, promised"] = sorted(
            (100 * (row.outcomes.review.share or 0), 100 * row.point.promises[side].rate) for row in rows
        )
    text = "; ".join(
        f"{name}: " + ", ".join(f"{y:.3g}% at {x:.0f}% review" for x, y in line) for name, line in lines.items()
    )
    return draw_xy(
        "What a promise costs", ("review, % of records", "promised rate, %"), lines, text, dotted=list(lines)
    )


def operating_page(model: Model, points: Points, outcomes: Outcomes, title: str) -> str:
    """The page of the operating points of `model`, whose own point has these `outcomes`."""
    template = template_environment("triptych.report").get_template("operating_points.html.j2")
    return template.render(
        title=title,
        point=model.point,
        outcomes=outcomes,
        confidence=percent(model.config.decision.confidence),
        tables={side: [row_cells(side, row) for row in rows] for side, rows in points.rows.items()},
        records={side: (len(points.evidence.scores(side)), WORDS[side][0]) for side in points.rows},
        chart=curve(points),
        frame=FRAME,
        share_of=share_of,
        style=package_text("triptych.report", "report.css"),
    )


def promise_sentences(model: Model) -> Sequence[str]:
    """What the model promises, in sentences; what it could promise, if it promises nothing."""
    if model.point is not None:
        return [promise.in_words() for promise in model.point.promises.values()]
    return ["no rate of errors is promised: `triptych operating-points` shows what could be"]
