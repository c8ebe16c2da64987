"""The report's section on promises: what is promised and seen, operating points, experts and calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.decision.calibration import calibration_of
from triptych.decision.operating_point import percent
from triptych.decision.outcomes import Rate
from triptych.evaluation.evaluate import Evaluation
from triptych.model.card import POOL
from triptych.model.model import Model
from triptych.report.operating_charts import HEADINGS, points_of, promise_chart, reliability_chart, row_cells
from triptych.report.xy_chart import XYChart

NOTHING = "No rate of errors is promised. `triptych operating-points` shows what could be."


@dataclass(frozen=True)
class ExpertRow:
    """One expert: its weight in the pool, and its log loss and accuracy (in percent) out of fold, if known."""

    name: str
    weight: str
    log_loss: str
    accuracy: str


@dataclass(frozen=True)
class Promises:
    """The section.

    Attributes:
        sentences: what the model promises.
        seen: what became of the reported records: name, share, and how it was counted.
        headings: the columns of `tables`.
        tables: the operating points by the kind of error.
        charts: what promises cost, and reliability diagrams.
        experts: the experts, and the pool last.
    """

    sentences: Sequence[str]
    seen: Sequence[tuple[str, str, str]]
    headings: Sequence[str]
    tables: Mapping[str, Sequence[Sequence[str]]]
    charts: Sequence[XYChart]
    experts: Sequence[ExpertRow]


def promises_of(model: Model, evaluation: Evaluation) -> Promises:
    """The section about `model` and its `evaluation`."""
    found = evaluation.outcomes
    rates = [("Review", found.review, "records")]
    if model.normal is not None:
        rates += [("Escapes", found.escapes, "defective records"), ("Overkill", found.overkill, "normal records")]
    charts: list[XYChart] = []
    tables: dict[str, Sequence[Sequence[str]]] = {}
    if model.evidence is not None:
        held_out = calibration_of(model.evidence.probabilities, model.evidence.labels)
        charts.append(reliability_chart(held_out, "Reliability on the training records, out of fold"))
        if model.normal is not None:
            points = points_of(model)
            charts.insert(0, promise_chart(points))
            tables |= {side: [row_cells(side, row) for row in rows] for side, rows in points.rows.items()}
    charts.append(reliability_chart(evaluation.calibration, "Reliability on these records"))
    return Promises(
        sentences=[f"{sentence[0].upper()}{sentence[1:]}." for sentence in model.promises] or [NOTHING],
        seen=[(name, *_in_words(rate, of)) for name, rate, of in rates if rate.records],
        headings=[name.capitalize() for name in HEADINGS],
        tables=tables,
        charts=charts,
        experts=[_expert(name, facts) for name, facts in model.metrics.get("experts", {}).items()],
    )


def _in_words(rate: Rate, of: str) -> tuple[str, str]:
    interval = rate.interval()
    share = 0.0 if rate.share is None else rate.share
    counted = f"{rate.count} of {rate.records} {of}; 95% interval {percent(interval.low)} to {percent(interval.high)}"
    return percent(share), counted


def _expert(name: str, facts: Mapping[str, Any]) -> ExpertRow:
    return ExpertRow(
        name,
        "" if name == POOL else f"{facts['weight']:.2f}",
        f"{facts['log_loss']:.3f}" if "log_loss" in facts else "",
        f"{100 * facts['accuracy']:.1f}" if "accuracy" in facts else "",
    )
