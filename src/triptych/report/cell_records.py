"""The records in each cell of the confusion matrix, which the cell opens: some with pictures, the others by name.

Wrong records are in order of decreasing confidence, right ones in order of increasing confidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from triptych.errors import RecordError
from triptych.report.data import ReportData, ReportRecord
from triptych.report.gallery import Card
from triptych.report.pictures import data_uri

SHOWN = 12  # records of a cell that are shown with pictures
NAMED = 200  # further records of a cell that are named
SIZE = (160, 160)  # px, of the pictures


@dataclass(frozen=True)
class Thumbnail:
    """One record of a cell.

    Attributes:
        record: the record.
        picture: its `data:` URI; empty if there is none.
        anchor: the anchor of its card in the page; None if it has no card.
    """

    record: ReportRecord
    picture: str
    anchor: str | None


@dataclass(frozen=True)
class CellRecords:
    """The records of one cell.

    Attributes:
        anchor: the anchor of the list in the page.
        true, predicted: the classes of the cell.
        shown: the first records.
        named: the names of the next ones.
        total: the number of all.
    """

    anchor: str
    true: str
    predicted: str
    shown: list[Thumbnail]
    named: list[str]
    total: int

    @property
    def left_out(self) -> int:
        """The number of records that are neither shown nor named."""
        return self.total - len(self.shown) - len(self.named)


def cell_records(data: ReportData, cards: Iterable[Card]) -> dict[tuple[str, str], CellRecords]:
    """The records of every cell that is not empty, by true and predicted class; `cards` are those of the page."""
    if data.scores is None:
        return {}
    anchors = {id(card.record): card.anchor for card in cards}
    classes, found = list(data.scores.classes), {}
    for row, true in enumerate(classes):
        for column, predicted in enumerate(classes):
            if members := [one for one in data.records if (one.label, one.predicted) == (true, predicted)]:
                members.sort(key=lambda one: -one.confidence if one.is_wrong else one.confidence)
                shown = [Thumbnail(one, _picture(data, one), anchors.get(id(one))) for one in members[:SHOWN]]
                named = [one.id for one in members[SHOWN : SHOWN + NAMED]]
                anchor = f"cell-{row + 1}-{column + 1}"
                found[true, predicted] = CellRecords(anchor, true, predicted, shown, named, len(members))
    return found


def _picture(data: ReportData, record: ReportRecord) -> str:
    """The small picture of a record; empty if it cannot be decoded, which its card explains."""
    if record.image is None:
        return ""
    try:
        return data_uri(record.id, record.image, data.decoder, SIZE)
    except RecordError:
        return ""
