import json
from types import SimpleNamespace

import pytest

from triptych.preparation.expectations import Expectations, judge
from triptych.reading import Reading

PLOT = SimpleNamespace(density=None)
RINGS_NONE = "rings: none was found"
TABLE_NONE = "table: none was found in the picture"


def given(**readings):
    """A record that came with readings."""
    return SimpleNamespace(record=SimpleNamespace(readings=readings), reading=Reading(True, readings))


def read(values, problems=(), absent=(), plot=PLOT):
    """A record whose table was read from its picture."""
    reading = Reading(not problems, values, [*problems], plot, tuple(absent))
    return SimpleNamespace(record=SimpleNamespace(readings={}), reading=reading)


def plain(plot=None):
    """A picture without a table."""
    reading = Reading(False, {}, [TABLE_NONE], plot, (TABLE_NONE,), table=False)
    return SimpleNamespace(record=SimpleNamespace(readings={}), reading=reading)


def deviations(expected, item):
    return list(expected.judge(item.reading).deviations)


def test_plain_pictures_have_no_problem_where_the_training_records_are_plain_pictures():
    judged = Expectations.learn([plain()] * 20).judge(plain().reading)
    assert (judged.problems, judged.faults, judged.deviations) == ((), (), ())


def test_a_picture_without_a_table_goes_to_review_where_training_records_have_one():
    judged = Expectations.learn([read({"mean_x": float(i)}) for i in range(20)]).judge(plain(PLOT).reading)
    assert judged.problems == (TABLE_NONE,)
    assert judged.faults == ()
    assert judged.deviations == ("no table was found in the picture, and 100% of the training records have one",)


def test_a_field_that_nearly_all_training_records_have_is_missed():
    training = [read({"mean_x": float(i), "total": 9.0}) for i in range(39)] + [read({"mean_x": 0.0})]
    expected = Expectations.learn(training)
    lacking = read({"total": 9.0}, ["mean_x: not found"], ["mean_x: not found"])
    judged = expected.judge(lacking.reading)
    assert judged.problems == ("mean_x: not found",)
    assert judged.deviations == ("field mean_x: not found, and 100% of the training records have it",)
    assert deviations(expected, read({"mean_x": 1.0})) == [
        "field total: not found, and 97.5% of the training records have it"
    ]


def test_a_field_that_some_training_records_lack_is_not_missed():
    training = [read({"mean_x": float(i)} | ({"Lot": "K1"} if i % 4 else {})) for i in range(40)]
    assert deviations(Expectations.learn(training), read({"mean_x": 3.0})) == []


def test_many_absent_fields_make_one_reason():
    values = {f"ring_{i}_{i + 2}": 5.0 for i in range(0, 10, 2)}
    (reason,) = deviations(Expectations.learn([read(values | {"total": 9.0})] * 20), read({"total": 9.0}))
    assert reason.startswith("fields ring_0_2, ring_2_4, ring_4_6, ring_6_8, ring_8_10: not found, and at least 100%")


def test_what_no_training_record_has_is_never_missed():
    ringless = read({"total": 9.0, "mean_x": 1.0}, [RINGS_NONE], [RINGS_NONE])
    judged = Expectations.learn([ringless] * 20).judge(ringless.reading)
    assert (judged.problems, judged.faults, judged.deviations) == ((), (), ())


def test_a_problem_that_most_training_records_have_too_is_none():
    def odd(printed):
        return read({"mean_x": 1.0}, [f"mean_x: {printed} um is printed, but the plot shows 1.25 um"])

    expected = Expectations.learn([*[odd(i) for i in range(15)], *[read({"mean_x": 2.0})] * 5])
    assert expected.judge(odd(77).reading).problems == ()
    other = read({"mean_x": 1.0}, ["total: 9 is printed, but the rings sum to 8"])
    assert expected.judge(other.reading).faults == ("total: 9 is printed, but the rings sum to 8",)


def test_a_repaired_reading_still_goes_to_review():
    expected = Expectations.learn([read({"mean_x": float(i)}) for i in range(20)])
    repaired = read({"mean_x": 3.0}, ["mean_x: minus sign restored from the plot"])
    assert expected.judge(repaired.reading).faults == ("mean_x: minus sign restored from the plot",)


def test_a_fault_is_not_told_twice_as_a_field_that_is_absent():
    expected = Expectations.learn([read({"mean_x": float(i)}) for i in range(20)])
    illegible = read({}, ["mean_x: not legible ('?' was read)"])
    judged = expected.judge(illegible.reading)
    assert (judged.faults, judged.deviations) == (("mean_x: not legible ('?' was read)",), ())


def test_a_plot_is_expected_where_training_records_have_one_and_none_where_they_have_none():
    plotted = Expectations.learn([read({}, plot=PLOT)] * 20)
    unplotted = Expectations.learn([plain()] * 20)
    assert deviations(plotted, read({}, plot=None)) == [
        "no plot was found in the picture, and 100% of the training records have one"
    ]
    assert deviations(unplotted, plain(PLOT)) == [
        "a plot was found in the picture, and none of the training records has one"
    ]
    assert deviations(Expectations.learn([plain(), plain(PLOT)]), plain(PLOT)) == []


def test_an_empty_cell_is_told_by_its_column():
    expected = Expectations.learn([given(width=float(i), place="front") for i in range(20)])
    assert deviations(expected, given(width=3.0)) == ["field place: empty, and 100% of the training records have it"]
    assert deviations(expected, given(width=3.0, place=" ")) == deviations(expected, given(width=3.0))


def test_a_number_far_outside_the_training_range_is_told_with_field_value_and_range():
    expected = Expectations.learn([given(width=10.0 + i / 10) for i in range(20)])
    assert deviations(expected, given(width=11_000.0)) == [
        "field width: 11000 is far outside the range of the training records, 10 to 11.9"
    ]
    assert deviations(expected, given(width=12.5)) == []


def test_words_where_numbers_were_are_told_and_new_words_are_no_alarm():
    expected = Expectations.learn([given(width=float(i), place="front") for i in range(20)])
    assert deviations(expected, given(width="wide", place="back")) == [
        "field width: 'wide' is not a number, as it is in the training records"
    ]


def test_readings_become_what_they_were_in_training():
    expected = Expectations.learn([given(width=float(i), place="front") for i in range(20)])
    assert expected.conform({"width": "7.5", "place": 3.0, "other": 1.0}) == {"width": 7.5, "place": "3"}
    assert expected.conform({"width": "n/a"}) == {"width": "n/a"}


def test_what_is_required_is_named():
    expected = Expectations.learn([read({"mean_x": float(i)} | ({"Lot": "K1"} if i % 4 else {})) for i in range(20)])
    assert expected.required == ["table", "plot", "mean_x"]
    assert Expectations.learn([plain()] * 20).required == []


def test_expectations_survive_the_models_folder():
    training = [given(width=float(i), place="front") for i in range(20)] + [read({"mean_x": 1.0}, ["mean_x: odd 7"])]
    expected = Expectations.learn(training)
    assert Expectations.from_json(json.loads(json.dumps(expected.to_json()))) == expected


@pytest.mark.parametrize("problem", [TABLE_NONE, "mean_x: not found"])
def test_without_expectations_every_problem_counts(problem):
    assert judge(None, Reading(False, {}, [problem], None, (problem,))).faults == (problem,)
