"""Drift of quantities in their own units."""

import numpy as np
import pytest

from triptych.monitoring.drift import drifts

RNG = np.random.default_rng(0)
KNOWN = {name: RNG.normal(10, 2, 300) for name in ("a", "b", "c")}


def test_a_shift_is_reported_in_its_unit_and_in_sigmas_and_comes_first():
    new = {name: RNG.normal(12 if name == "b" else 10, 2, 100) for name in KNOWN}
    first, *others = drifts(KNOWN, new)
    assert first.name == "b"
    assert first.shift == pytest.approx(2, abs=0.6)
    assert first.low < first.shift < first.high
    assert first.sigmas == pytest.approx(1, abs=0.3)
    assert first.p_value < 1e-6
    assert all(drift.p_value > 0.05 for drift in others)


def test_a_wider_spread_is_found_too():
    new = {"a": RNG.normal(10, 6, 200)}
    assert drifts(KNOWN, new)[0].p_value < 0.001


def test_the_same_data_twice_have_not_drifted():
    assert min(drift.p_value for drift in drifts(KNOWN, KNOWN)) == 1


def test_p_values_are_corrected_for_the_number_of_quantities():
    new = RNG.normal(10.6, 2, 80)
    alone = drifts({"a": KNOWN["a"]}, {"a": new})[0].p_value
    among = next(d for d in drifts(KNOWN, {"a": new, "b": KNOWN["b"], "c": KNOWN["c"]}) if d.name == "a").p_value
    assert among == pytest.approx(min(1, 3 * alone))


def test_constant_and_missing_values_are_no_problem():
    nothing = [float("nan")] * 20
    found = drifts({"a": [1.0] * 30, "b": nothing}, {"a": [1.0] * 10, "b": nothing})
    assert [(drift.name, drift.p_value, drift.sigmas) for drift in found] == [("a", 1.0, None)]
