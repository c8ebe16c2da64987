import math

import pytest

from triptych.reading.units import Number, parse_count, parse_number, parse_unit, roundest


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("0.12", 0.12, 2),
        ("+1.934", 1.934, 3),
        ("-0.5", -0.5, 1),
        ("−0.5", -0.5, 1),  # a true minus sign
        ("- 0.50", -0.5, 2),
        ("0,12", 0.12, 2),
        ("12", 12, 0),
        (".5", 0.5, 1),
    ],
)
def test_numbers_with_signs_and_decimals(text, value, decimals):
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.decimals) == (value, decimals)


@pytest.mark.parametrize("text", ["O", "o", "0", "D", "〇", "口"])
def test_a_lone_zero_read_as_a_letter_is_a_zero(text):
    assert parse_number(text) == Number(0.0)


@pytest.mark.parametrize("text", ["", "Oil", "12.5%", "2-4", "A12", "12:30", "--"])
def test_other_texts_are_not_numbers(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "unit"), [("1.93 um", 1), ("1.93µm", 1), ("0.0019mm", 1000), ("3 mil", 25.4)])
def test_a_unit_may_stand_with_the_number(text, unit):
    number = parse_number(text)
    assert number is not None
    assert number.unit == unit


def test_a_sign_is_noted_because_some_tables_print_every_sign():
    plain, plus = parse_number("1.5"), parse_number("+1.5")
    assert plain is not None
    assert plus is not None
    assert (plain.signed, plus.signed) == (False, True)


@pytest.mark.parametrize(("text", "count"), [("1,234", 1234), ("1.234", 1234), ("1 234", 1234), ("600", 600), ("O", 0)])
def test_counts_may_be_grouped_in_thousands(text, count):
    number = parse_count(text)
    assert number is not None
    assert number.value == count


@pytest.mark.parametrize("text", ["-3", "1.5", "0.12", "many"])
def test_counts_are_whole_and_not_negative(text):
    assert parse_count(text) is None


@pytest.mark.parametrize(
    ("text", "um"),
    [("um", 1), ("[mm]", 1000), ("Unit: um", 1), ("Unit:um", 1), ("all values in mil", 25.4), ("(μm)", 1)],
)
def test_units_that_stand_alone(text, um):
    assert parse_unit(text) == um


@pytest.mark.parametrize("text", ["in", "Mean", "unit", "um x"])
def test_other_words_are_not_units(text):
    assert parse_unit(text) is None


def test_bounds_are_rounded_to_their_values_before_conversion():
    assert roundest(0.079 * 25.4, 0.0005 * 25.4) == 2.0
    assert roundest(2.5, 0.05) == 2.5
    assert roundest(math.inf, 0.5) == math.inf
