"""The operating points of a model as a table and as curves, for the command line, for a page and for the report."""

from dataclasses import dataclass, field

from triptych.decision.bounds import upper_bound
from triptych.decision.calibration import Calibration
from triptych.decision.operating_point import Evidence, Side, percent
from triptych.decision.operating_table import OperatingRow, operating_rows
from triptych.decision.outcomes import Rate
from triptych.errors import TriptychError
from triptych.model.model import Model
from triptych.report.formatting import NONE
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


HEADINGS = ("promised", "ppm", "above", "escapes", "up to", "overkill", "up to", "review", "interval")


def row_cells(side: Side, row: OperatingRow) -> list[str]:
    """The cells of one row, under HEADINGS: `above` is the threshold, `up to` the 95% bound of the rate before it."""
    promise, found = row.point.promises[side], row.outcomes
    assert promise.threshold is not None
    interval = found.review.interval()
    return [
        percent(promise.rate),
        f"{1e6 * promise.rate:,.0f}",
        f"{promise.threshold:.3f}",
        *_errors(found.escapes),
        *_errors(found.overkill),
        share_of(found.review),
        f"{100 * interval.low:.0f} to {100 * interval.high:.0f}%",
    ]


def _errors(rate: Rate) -> tuple[str, str]:
    """A count with its number of records, and the upper bound of the rate, in percent."""
    return f"{rate.count}/{rate.records}", percent(upper_bound(rate.count, rate.records))


def share_of(rate: Rate) -> str:
    """A rate in percent, to one decimal."""
    return NONE if rate.share is None else f"{100 * rate.share:.1f}%"


def promise_chart(points: Points) -> XYChart:
    """The promised rate over the share of the records that go to review."""
    lines = {
        f"{side}, promised": [
            (100 * (row.outcomes.review.share or 0), 100 * row.point.promises[side].rate) for row in rows
        ]
        for side, rows in points.rows.items()
    }
    text = "; ".join(
        f"{name}: " + ", ".join(f"{y:.3g}% at {x:.0f}% review" for x, y in line) for name, line in lines.items()
    )
    axes = ("review, % of records", "promised rate, %")
    return draw_xy("What a promise costs", axes, lines, text, dotted=list(lines))


def reliability_chart(found: Calibration, title: str) -> XYChart:
    """The reliability diagram: the share of right predictions over the confidence, in bins."""
    line = [(100 * part.confidence, 100 * part.accuracy) for part in found.bins]
    error = f"expected calibration error {100 * found.calibration_error:.1f}%"
    lines = {f"seen, {error}": line, "ideal": [(0.0, 0.0), (100.0, 100.0)]}
    text = f"{title}, {error}: " + ", ".join(f"{y:.0f}% right at {x:.0f}% confidence" for x, y in line)
    return draw_xy(title, ("confidence, %", "right, %"), lines, text, dotted=[next(iter(lines))])
