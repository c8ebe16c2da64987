import math

import pytest

from triptych.evaluation.intervals import mean_interval


def test_the_interval_is_students_t():
    found = mean_interval([80.0, 82.0, 87.0])
    deviation = math.sqrt(((80 - 83) ** 2 + (82 - 83) ** 2 + (87 - 83) ** 2) / 2)
    assert found.mean == pytest.approx(83.0)
    assert found.half == pytest.approx(4.302652729911275 * deviation / math.sqrt(3))  # t of 2 degrees, tabulated
    assert str(found) == "83.0 ± 9.0"


def test_one_run_has_no_interval():
    assert str(mean_interval([81.26])) == "81.3"


def test_no_runs_have_no_mean():
    with pytest.raises(ValueError, match="no values"):
        mean_interval([])
