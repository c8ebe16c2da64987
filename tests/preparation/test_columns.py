from pathlib import Path
from types import SimpleNamespace

import pytest

from triptych import Record
from triptych.errors import TriptychError
from triptych.preparation.columns import match_columns
from triptych.preparation.expectations import Expectations
from triptych.reading import Reading
from triptych.records import RecordSet


def expecting(*rows):
    """What the training records with the readings `rows` have."""
    items = (SimpleNamespace(record=SimpleNamespace(readings=row), reading=Reading(True, row)) for row in rows)
    return Expectations.learn(list(items))


EXPECTED = expecting(*({"thickness": float(i), "place": "front"} for i in range(20)))


def table(*rows, columns=None):
    records = tuple(Record(str(i), Path(f"{i}.png"), readings) for i, readings in enumerate(rows))
    return RecordSet(records, columns=columns and tuple(columns))


def test_a_renamed_column_is_named_in_both_spellings():
    with pytest.raises(TriptychError) as error:
        match_columns(table({"Thicknes (um)": 1.0, "place": "back"}), EXPECTED, "lot.csv")
    assert str(error.value).startswith(
        "lot.csv: the model was trained on the column 'thickness', which is missing (is it 'Thicknes (um)'?); "
        "found Thicknes (um), place."
    )
    assert "--allow-missing" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_dropped_column_is_named_without_a_guess():
    with pytest.raises(TriptychError, match=r"the column 'thickness', which is missing; found place, weight"):
        match_columns(table({"place": "back", "weight": 1.0}), EXPECTED, "lot.csv")


def test_pictures_without_any_column_are_told_how_to_give_a_table():
    with pytest.raises(
        TriptychError, match=r"pictures alone have none; give a table with the column 'image' and these"
    ):
        match_columns(table({}, {}), EXPECTED, "pictures")


def test_an_empty_cell_is_no_missing_column():
    assert len(match_columns(table({"thickness": 1.0}, {"place": "back"}), EXPECTED, "lot.csv")) == 2
    assert match_columns(table({"thickness": 1.0}, columns=["thickness", "place"]), EXPECTED, "lot.csv").warnings == ()


def test_a_missing_column_can_be_allowed_and_is_warned_of():
    records = match_columns(table({"place": "back"}), EXPECTED, "lot.csv", allow_missing=True)
    assert records.warnings == ("lot.csv: 1 column ('thickness') is missing; the records go to review",)
    assert match_columns(records, EXPECTED, "lot.csv").warnings == records.warnings


def test_columns_that_the_model_does_not_know_are_counted_named_and_left_out():
    records = match_columns(table({"thickness": 1.0, "place": "back", "a": 1.0, "b": "x"}), EXPECTED, "lot.csv")
    assert records[0].readings == {"thickness": 1.0, "place": "back"}
    assert records.warnings == ("lot.csv: 2 columns ('a', 'b') are unknown to the model and not used",)
    assert match_columns(records, EXPECTED, "lot.csv") == records


def test_a_sparse_column_is_missed_in_a_table_and_not_among_records():
    rows = [{"thickness": float(i)} | ({"note": "x"} if i % 3 == 0 else {}) for i in range(20)]
    sparse = expecting(*rows)
    assert match_columns(table({"thickness": 1.0}), sparse, "records").warnings == ()
    with pytest.raises(TriptychError, match="the column 'note', which is missing"):
        match_columns(table({"thickness": 1.0}, columns=["thickness"]), sparse, "lot.csv")


def test_a_model_of_pictures_alone_takes_pictures_and_leaves_columns_out():
    nothing = expecting(*[{}] * 20)
    assert match_columns(table({}), nothing, "pictures").warnings == ()
    records = match_columns(table({"a": 1.0}), nothing, "lot.csv")
    assert records[0].readings == {}
    assert "1 column ('a') is unknown to the model" in records.warnings[0]
