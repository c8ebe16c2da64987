import numpy as np
import pytest

from triptych.audit.fields import IdentifyingField, code_fields, column_fields, is_identifier, names_in, parse_dates

RNG = np.random.default_rng(0)
CLASSES = ["normal", "type-1"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("serial", [f"SN{number}" for number in range(40)]),
        ("unit", [f"A{number}-7" for number in range(40)]),
        ("number", [float(number) for number in range(2000, 2040)]),
        ("lot", [f"L{number % 4}" for number in range(40)]),
        ("LotId", [float(number % 4) for number in range(40)]),
    ],
)
def test_serials_counters_and_lots_identify(name, values):
    assert is_identifier(name, values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("gap", RNG.normal(5, 1, 40).tolist()),
        ("dies", [float(value) for value in RNG.integers(100, 9000, 40)]),
        ("defects", [float(value) for value in RNG.integers(0, 12, 40)]),
        ("operator", ["fixed robot arm", "gripper"] * 20),
        ("step", [f"step{number % 9}" for number in range(40)]),
        ("width", [1.5] * 40),
        ("solid", [0.25 * number for number in range(40)]),
    ],
)
def test_measures_and_words_do_not_identify(name, values):
    assert not is_identifier(name, values)


def test_known_readings_are_never_tested():
    counter = [float(number) for number in range(40)]
    assert column_fields({"total": counter, "ring_2_4": counter, "mean_x": counter}, CLASSES) == []


def test_codes_are_divided_into_letters_numbers_and_digits():
    found = {one.name: one.values for one in code_fields("serial", "serial", ["A12", "B47", None])}
    assert found["serial, part 1"] == ["A", "B", None]
    assert found["serial, part 2"] == [12.0, 47.0, None]
    assert found["serial, part 2, digit 1"] == ["1", "4", None]


@pytest.mark.parametrize(
    "texts", [["2024-01-31", "2024-02-01"], ["31.01.2024 10:00", "01.02.2024 10:00"], ["20240131", "20240201"]]
)
def test_dates_of_one_format_are_days(texts):
    first, second = parse_dates(texts)
    assert second - first == pytest.approx(1.0)


@pytest.mark.parametrize("texts", [["2024", "2025"], ["12.5", "13.5"], ["ab", "cd"], ["120230", "120231"]])
def test_other_texts_are_not_dates(texts):
    assert parse_dates(texts) is None


def test_ordered_values_are_divided_into_bins_of_equal_size():
    field = IdentifyingField("serial", "serial", [float(value) for value in range(80)] + [None])
    assert np.bincount(field.categories()).tolist() == [10] * 8 + [1]


def test_names_of_classes_are_found_as_words():
    assert names_in("seen: Type 1 (sure)", CLASSES) == "type-1"
    assert names_in("abnormal", CLASSES) == ""


def test_a_column_with_a_value_for_each_class_is_tested_as_another_name_of_the_label():
    names = [one.name for one in column_fields({"verdict": ["OK", "NG"] * 10}, CLASSES)]
    assert names == ["verdict, as another name of the label"]


def test_numbers_do_not_name_classes():
    assert column_fields({"holes": [0.0, 1.0, 2.0, 1.0] * 5}, ["0", "1"]) == []
