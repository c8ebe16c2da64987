from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from triptych.errors import InputError
from triptych.records.values import plain_label, plain_readings


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        (True, 1.0),
        (2.5, 2.5),
        (np.int64(3), 3.0),
        (np.uint8(200), 200.0),
        (np.float32(0.5), 0.5),
        (np.bool_(False), 0.0),
        (np.array(7), 7.0),
        (Decimal("1.25"), 1.25),
        (Fraction(1, 4), 0.25),
        (timedelta(minutes=2), 120.0),
        (np.timedelta64(1500, "ms"), 1.5),
        (pd.Timedelta("1s"), 1.0),
    ],
    ids=repr,
)
def test_numbers_of_any_type_become_float(value, number):
    (found,) = plain_readings({"a": value}, "r").values()
    assert (type(found), found) == (float, number)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("etch ", "etch "),
        (np.str_("etch"), "etch"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4), "2026-01-02 03:04:00"),
        (pd.Timestamp("2026-01-02"), "2026-01-02 00:00:00"),
        (np.datetime64("2026-01-02"), "2026-01-02"),
    ],
    ids=repr,
)
def test_text_and_dates_become_text(value, text):
    (found,) = plain_readings({"a": value}, "r").values()
    assert (type(found), found) == (str, text)


@pytest.mark.parametrize(
    "value",
    [None, float("nan"), np.float32("nan"), Decimal("nan"), Decimal("sNaN"), pd.NA, pd.NaT, np.datetime64("NaT"), " "],
    ids=repr,
)
def test_missing_values_are_left_out(value):
    assert plain_readings({"a": value, "b": 1}, "r") == {"b": 1.0}


@pytest.mark.parametrize(
    "value", [[1], {"x": 1}, 1j, b"bytes", object(), np.array([1.0])], ids=lambda value: type(value).__name__
)
def test_a_value_of_another_type_is_named_with_record_and_field(value):
    with pytest.raises(InputError, match=rf"r7: the reading 'a' is .* of type {type(value).__name__}; give a number"):
        plain_readings({"a": value}, "r7")


def test_a_number_that_float_cannot_hold_is_refused():
    with pytest.raises(InputError, match="r: the reading 'a' is too large for a 64-bit number"):
        plain_readings({"a": 10**400}, "r")


def test_field_names_become_text_and_stay_different():
    assert plain_readings({3: 1, "b": 2}, "r") == {"3": 1.0, "b": 2.0}
    with pytest.raises(InputError, match="r: two readings are called '3'"):
        plain_readings({3: 1, "3": 2}, "r")


def test_readings_must_be_a_mapping():
    assert plain_readings(None, "r") == {}
    assert plain_readings(pd.Series({"a": 1}), "r") == {"a": 1.0}
    with pytest.raises(InputError, match="r: readings are a mapping of fields to values; found list"):
        plain_readings([1, 2], "r")


@pytest.mark.parametrize(
    ("label", "text"),
    [("007", "007"), (np.str_("ok"), "ok"), (3, "3"), (np.int64(3), "3"), (True, "True"), (None, None), ("", None)],
    ids=repr,
)
def test_labels_become_text(label, text):
    assert plain_label(label, "r") == text


def test_a_label_of_another_type_is_refused():
    assert plain_label(float("nan"), "r") is None
    with pytest.raises(InputError, match=r"r: a label is text, .* found 1.5 of type float"):
        plain_label(1.5, "r")
