"""Tables with a row per class: scores, or, without labels, the number of predictions."""

from dataclasses import dataclass

from triptych.evaluation import Scores
from triptych.report.data import ReportData


@dataclass(frozen=True)
class ClassRow:
    """The scores of one class, in percent (None: undefined), and the number of its records."""

    name: str
    f1: float | None
    precision: float | None
    recall: float | None
    support: int
    support_share: float  # of the largest class, 0..1


@dataclass(frozen=True)
class CalledRow:
    """The number of records predicted as one class, and the decisions on them."""

    name: str
    called: int
    accepted: int
    review: int


def class_rows(scores: Scores) -> list[ClassRow]:
    """A row per class, in class order."""
    support = scores.support
    largest = max(support.values())
    return [
        ClassRow(
            name, scores.f1[name], scores.precision[name], scores.recall[name], support[name], support[name] / largest
        )
        for name in scores.classes
    ]


def called_rows(data: ReportData) -> list[CalledRow]:
    """A row per class of the model, in class order."""
    rows = []
    for name in data.classes:
        decisions = [record.decision for record in data.records if record.predicted == name]
        rows.append(CalledRow(name, len(decisions), decisions.count("accept"), decisions.count("review")))
    return rows
