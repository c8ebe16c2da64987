import pytest

from triptych.answers.defect_book import load_book
from triptych.answers.prompt_facts import direction, state_facts

LIMITS = load_book().limits


def _say(**readings: float | str) -> tuple[str, set[str]]:
    facts = state_facts(readings, LIMITS)
    return " ".join(fact.sentence for fact in facts), {fact.sign for fact in facts if fact.sign}


def test_a_good_record_is_centred_tight_and_round():
    said, signs = _say(total=500.0, mean_x=0.1, mean_y=-0.3, sigma_x=1.9, sigma_y=1.8)
    assert signs == {"centred", "tight", "round"}
    assert "There are 500 holes." in said
    assert "(+0.10, -0.30) um, centred" in said


def test_shift_spread_and_stretch_are_stated_with_their_direction():
    said, signs = _say(mean_x=6.4, mean_y=-3.2, sigma_x=2.0, sigma_y=3.6)
    assert signs == {"shifted", "wide", "stretched"}
    assert "far shifted to the lower right by 7.2 um" in said
    assert "stretched along y by a factor of 1.80" in said


def test_capability_is_the_nearer_tolerance_over_three_sigma():
    said, _ = _say(mean_x=-4.0, mean_y=0.0, sigma_x=2.0, sigma_y=2.0)
    assert "Cpk along x is 1.00, not capable." in said  # (10 - 4) / (3 * 2)
    assert "Cpk along y is 1.67, capable." in said


def test_rings_become_the_radii_that_hold_half_nine_tenths_and_nearly_all_holes():
    said, _ = _say(total=200.0, ring_0_2=50.0, ring_2_4=140.0, ring_4_6=9.0, ring_6_inf=1.0)
    assert "Of the holes, 50% within 4 um, 90% within 4 um, 99% within 6 um." in said


def test_holes_beyond_the_last_radius_are_within_none():
    said, _ = _say(total=200.0, ring_0_2=110.0, ring_2_inf=90.0)
    assert "Of the holes, 50% within 2 um." in said


def test_other_fields_are_given_as_they_are_in_order():
    said, _ = _say(start_position="left tray.", die_yield=0.93456)
    assert said == "start position: left tray. die yield: 0.9346."


def test_no_readings_state_nothing():
    assert state_facts({}, LIMITS) == ()


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [(1, 0, "right"), (1, 1, "upper right"), (0, 1, "top"), (-1, 0, "left"), (-1, -0.1, "left"), (0, -1, "bottom")],
)
def test_directions_point_upwards_with_y(x, y, name):
    assert direction(x, y) == f"to the {name}"


def test_no_field_vanishes_that_no_statement_covers():
    """Rings without a total, one mean of two, a total that is not a count, and a text under a known name."""
    assert "ring 0 2: 5." in _say(ring_0_2=5.0)[0]
    assert "ring 0 2: 5." in _say(total=0.0, ring_0_2=5.0)[0]
    assert "mean x: 1.5." in _say(mean_x=1.5)[0]
    assert _say(total=-3.0)[0] == "total: -3."
    assert _say(total=9.99)[0] == "total: 9.99."
    assert _say(sigma_x="wide")[0] == "sigma x: wide."


def test_large_numbers_keep_their_digits():
    assert _say(time=1_700_000_010.0)[0] == "time: 1700000010."
    assert _say(time=1_700_000_020.5)[0] == "time: 1700000020.5."
    assert _say(size=1.23456e-7)[0] == "size: 1.235e-07."
