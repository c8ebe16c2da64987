import pytest

from triptych.evaluation import score
from triptych.report.confusion_matrix import confusion_rows

CLASSES = ("normal", "type-1", "type-2")


def test_shares_are_of_the_row():
    rows = confusion_rows(score(["normal"] * 4, ["normal"] * 3 + ["type-1"], CLASSES, "normal"))

    assert [(cell.count, cell.share) for cell in rows[0]] == [(3, 0.75), (1, 0.25), (0, 0.0)]


def test_rows_are_true_and_columns_predicted():
    cell = confusion_rows(score(["normal"], ["type-1"], CLASSES, "normal"))[0][1]

    assert (cell.true, cell.predicted, cell.count) == ("normal", "type-1", 1)
    assert not cell.is_hit


def test_a_class_without_records_has_a_row_of_zeros():
    rows = confusion_rows(score(["normal"], ["normal"], CLASSES, "normal"))

    assert [cell.share for cell in rows[1]] == pytest.approx([0, 0, 0])
