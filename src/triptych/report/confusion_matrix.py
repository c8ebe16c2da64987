"""The confusion matrix as a table: counts, and the shares that determine the shading."""

from dataclasses import dataclass

from triptych.evaluation import Scores


@dataclass(frozen=True)
class Cell:
    """One cell of the confusion matrix.

    Attributes:
        true: the class of the row.
        predicted: the class of the column.
        count: records.
        share: of the row, 0..1.
    """

    true: str
    predicted: str
    count: int
    share: float

    @property
    def is_hit(self) -> bool:
        """Whether the cell is on the diagonal."""
        return self.true == self.predicted


def confusion_rows(scores: Scores) -> list[list[Cell]]:
    """The confusion matrix row by row; the row of a class without records has shares of zero."""
    return [
        [
            Cell(true, predicted, count, count / max(sum(row), 1))
            for predicted, count in zip(scores.classes, row, strict=True)
        ]
        for true, row in zip(scores.classes, scores.confusion, strict=True)
    ]
