import math

import pytest

from triptych.reading.units import (
    Number,
    decimal_mark,
    further_number,
    is_missing,
    parse_count,
    parse_number,
    parse_percent,
    parse_quantity,
    parse_unit,
    roundest,
    without_groups,
)


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
        ("(0.70)", -0.7, 2),
        ("0.70-", -0.7, 2),
        ("(0,70) um", -0.7, 2),
        ("1.58E+00", 1.58, 2),
        ("-7.00E-01", -0.7, 3),
        ("1.2e+3", 1200, 0),
        ("2.31×10^-2", 0.0231, 4),
        ("1.58 ± 0.11", 1.58, 2),
        ("-0.70 +/- 0.09", -0.7, 2),
        ("143 (29.4%)", 143, 0),
        ("143 29,4 %", 143, 0),
        ("1,234.56", 1234.56, 2),
        ("1.234.567,8", 1234567.8, 1),
        ("1'234.5", 1234.5, 1),
        ("1O.5", 10.5, 1),
        ("O.O", 0.0, 1),
    ],
)
def test_numbers_in_all_notations(text, value, decimals):
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.decimals) == (value, decimals)


@pytest.mark.parametrize("text", ["O", "o", "0", "D", "〇", "口"])
def test_a_lone_zero_read_as_a_letter_is_a_zero(text):
    assert parse_number(text) == Number(0.0)


@pytest.mark.parametrize("text", ["", "Oil", "12.5%", "2-4", "A12", "12:30", "--"])
def test_other_texts_are_not_numbers(text):
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["ID", "SD", "SO", "DZ", "B", "S", "Z", "lO", "(2)", "0012E5", "2024-05-06", "29.4%"])
def test_names_and_words_are_not_numbers(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "further"),
    [("1.58 ± 0.11", ("±", 0.11)), ("143 (29.4%)", ("%", 29.4)), ("1.58", None), ("29.4%", None)],
)
def test_a_second_number_is_told_apart(text, further):
    found = further_number(text)
    assert (found and (found[0], found[1].value)) == further


def test_percentages():
    found = [parse_percent(text) for text in ("29.4 %", "(0,5%)", "29.4", "%")]
    assert [number and number.value for number in found] == [29.4, 0.5, None, None]


@pytest.mark.parametrize(("text", "missing"), [("--", True), ("—", True), ("NaN", True), ("n/a", True), ("-1", False)])
def test_marks_of_a_missing_value(text, missing):
    assert is_missing(text) == missing


@pytest.mark.parametrize(
    ("text", "unit"), [('0.000062"', 25_400), ("1.93 um", 1), ("1.93µm", 1), ("0.0019mm", 1000), ("3 mil", 25.4)]
)
def test_a_unit_may_stand_with_the_number(text, unit):
    number = parse_number(text)
    assert number is not None
    assert number.unit == unit


def test_a_sign_is_noted_because_some_tables_print_every_sign():
    plain, plus = parse_number("1.5"), parse_number("+1.5")
    assert plain is not None
    assert plus is not None
    assert (plain.signed, plus.signed) == (False, True)


@pytest.mark.parametrize(
    ("text", "count"),
    [("1,234", 1234), ("1.234", 1234), ("1 234", 1234), ("12,345 (10%)", 12345), ("600", 600), ("O", 0), ("日", 0)],
)
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


@pytest.mark.parametrize(("text", "um"), [("1.5 微米", 1.0), ("1.5毫米", 1000.0), ("1,5 мкм", 1.0), ("1.5 UM", 1.0)])
def test_units_in_other_scripts_and_capitals(text, um):
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.unit) == (1.5, um)


@pytest.mark.parametrize(
    ("text", "value"), [("28.0 s", 28.0), ("109,000 rpm", 109000.0), ("3.3 m/min", 3.3), ("21°C", 21.0)]
)
def test_quantities_with_other_units(text, value):
    assert parse_number(text) is None
    number = parse_quantity(text)
    assert number is not None
    assert number.value == value


def test_a_letter_at_the_end_of_a_whole_number_is_a_digit():
    assert parse_number("2S").value == 25


@pytest.mark.parametrize(
    ("texts", "mark"),
    [(["1.58", "46.718"], "."), (["46,718", "0,191"], ","), (["46.718", "12"], ""), (["1,5", "2.5"], "")],
)
def test_the_numbers_of_a_page_tell_its_decimal_mark(texts, mark):
    assert decimal_mark(texts) == mark


@pytest.mark.parametrize(
    ("text", "mark", "plain"),
    [("46,718 g", ".", "46718 g"), ("46.718 g", ",", "46718 g"), ("46.718 g", ".", "46.718 g"), ("0,191", ".", "0,191"),
     ("1.234.567,5", ",", "1234567,5"), ("46,718", "", "46,718")],
)  # fmt: skip
def test_only_the_other_mark_separates_thousands(text, mark, plain):
    assert without_groups(text, mark) == plain


@pytest.mark.parametrize(
    ("text", "value"), [("28.0 S", 28), ("64.9 °℃", 64.9), ("15.715 g", 15.715), ("8.349g", 8.349), ("6,20 Nm", 6.2)]
)
def test_units_of_other_quantities_are_no_digits_and_do_not_make_thousands(text, value):
    assert parse_number(text) is None
    assert parse_quantity(text).value == value


def test_counted_things_and_speeds_have_thousands():
    assert parse_quantity("120,000 rpm").value == 120_000


def test_a_lot_is_no_number():
    assert parse_number("B76744") is None
    assert parse_number("O.12").value == 0.12


@pytest.mark.parametrize(("text", "value"), [("591,4 HV 1", 591.4), ("3.474 ud.", 3474), ("216 pcs", 216)])
def test_units_with_numbers_and_of_pieces(text, value):
    assert parse_quantity(text).value == value


def test_newton_metres_are_no_nanometres():
    assert parse_unit("(Nm)") is None
    assert parse_unit("(nm)") == 0.001
