import pytest


@pytest.mark.parametrize(
    ("label", "predicted", "wrong", "escape", "overkill"),
    [
        ("type-1", "normal", True, True, False),
        ("normal", "type-1", True, False, True),
        ("type-1", "type-2", True, False, False),
        ("type-1", "type-1", False, False, False),
        (None, "normal", False, False, False),
    ],
)
def test_an_escape_is_a_defect_called_normal_and_overkill_the_reverse(
    label, predicted, wrong, escape, overkill, make_record, make_data
):
    record = make_record(label, predicted)
    data = make_data([record])

    assert (record.is_wrong, data.is_escape(record), data.is_overkill(record)) == (wrong, escape, overkill)


def test_a_record_that_could_not_be_read_is_not_wrong(unread):
    assert not unread.is_wrong


def test_without_a_normal_class_there_are_no_escapes(make_record, make_data):
    record = make_record("type-1", "normal")

    assert not make_data([record], normal=None).is_escape(record)
