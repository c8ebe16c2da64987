import pytest

from triptych.evaluation import score
from triptych.report.classes import called_rows, class_rows


def test_each_class_has_its_scores_and_its_number_of_records():
    rows = class_rows(score(["a", "a", "b"], ["a", "b", "b"], ["a", "b", "c"], None))

    assert [row.name for row in rows] == ["a", "b", "c"]
    assert rows[0].recall == pytest.approx(50)
    assert rows[1].precision == pytest.approx(50)
    assert rows[2].f1 is None
    assert [row.support for row in rows] == [2, 1, 0]
    assert [row.support_share for row in rows] == [1, 0.5, 0]


def test_without_labels_the_calls_and_decisions_are_counted(make_record, make_data, unread):
    records = [make_record(None, "type-1"), make_record(None, "type-1", 0.4, "review"), unread]
    rows = {row.name: row for row in called_rows(make_data(records))}

    assert (rows["type-1"].called, rows["type-1"].accepted, rows["type-1"].review) == (2, 1, 1)
    assert rows["normal"].called == 0
