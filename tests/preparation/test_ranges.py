import numpy as np
import pytest

from triptych.preparation.ranges import Range

# What a column may look like: name, values of n records.
COLUMNS = {
    "narrow": lambda rng, n: rng.normal(100, 5, n),
    "about zero": lambda rng, n: rng.normal(0, 3, n),
    "uniform": lambda rng, n: rng.uniform(0, 1, n),
    "skewed": lambda rng, n: rng.exponential(2, n),
    "over decades": lambda rng, n: rng.lognormal(0, 1.5, n),
    "heavy tails": lambda rng, n: rng.standard_t(3, n),
    "counts": lambda rng, n: rng.poisson(30, n).astype(float),
    "rare counts": lambda rng, n: rng.poisson(0.3, n).astype(float),
    "a flag": lambda rng, n: (rng.random(n) < 0.05).astype(float),
    "constant": lambda rng, n: np.full(n, 0.35),
}


@pytest.mark.parametrize("size", [20, 80, 325])
@pytest.mark.parametrize("draw", COLUMNS.values(), ids=COLUMNS)
def test_what_the_same_process_gives_raises_no_alarm_however_few_the_training_records(draw, size):
    rng = np.random.default_rng(0)
    alarms = []
    for _ in range(100):
        known = Range.of(draw(rng, size).tolist())
        alarms += [not known.holds(value) for value in draw(rng, 100)]
    assert np.mean(alarms) < 0.005


@pytest.mark.parametrize("name", ["narrow", "about zero", "uniform", "skewed", "counts", "constant"])
@pytest.mark.parametrize("size", [20, 325])
def test_a_column_1000_times_too_large_raises_an_alarm(name, size):
    rng = np.random.default_rng(1)
    known = Range.of(COLUMNS[name](rng, size).tolist())
    assert np.mean([not known.holds(1000 * value) for value in COLUMNS[name](rng, 400)]) > 0.95


@pytest.mark.parametrize("name", ["narrow", "counts", "constant"])
def test_ten_times_too_large_is_enough_in_a_narrow_column(name):
    rng = np.random.default_rng(2)
    known = Range.of(COLUMNS[name](rng, 20).tolist())
    assert np.mean([not known.holds(10 * value) for value in COLUMNS[name](rng, 400)]) > 0.95


def test_one_wrong_number_among_the_training_records_does_not_switch_the_alarm_off():
    values = np.random.default_rng(3).normal(10, 1, 40).tolist()
    clean, spoiled = Range.of(values), Range.of([*values, 1e6])
    assert spoiled.most == clean.most
    assert not spoiled.holds(10_000.0)


def test_a_flag_that_one_training_record_has_is_no_alarm():
    known = Range.of([0.0] * 39 + [1.0])
    assert known.holds(0.0)
    assert known.holds(1.0)


def test_a_column_of_zeros_lets_small_whole_numbers_pass():
    known = Range.of([0.0] * 20)
    assert known.holds(2.0)
    assert not known.holds(500.0)


def test_no_number_has_no_range():
    assert Range.of([]) is None
    assert Range.of([float("nan"), float("inf")]) is None
