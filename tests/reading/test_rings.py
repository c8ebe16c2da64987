import math

from triptych.reading.rings import solve_rings

INTERVALS = {(0.0, 2.0): 40.0, (2.0, 4.0): 50.0, (4.0, math.inf): 10.0}


def test_intervals_that_sum_to_the_total():
    rings = solve_rings(INTERVALS, 100)
    assert rings.values == {"total": 100, "ring_0_2": 40, "ring_2_4": 50, "ring_4_inf": 10}
    assert not rings.faults
    assert not rings.notes


def test_counts_within_radii_become_rings_and_the_total_gives_the_open_one():
    rings = solve_rings({(0.0, 2.0): 40.0, (0.0, 4.0): 90.0}, 100)
    assert rings.values == {"total": 100, "ring_0_2": 40, "ring_2_4": 50, "ring_4_inf": 10}
    assert not rings.notes


def test_counts_beyond_radii_become_rings():
    rings = solve_rings({(0.0, math.inf): 100.0, (2.0, math.inf): 60.0, (4.0, math.inf): 10.0}, None)
    assert rings.values == {"total": 100, "ring_0_2": 40, "ring_2_4": 50, "ring_4_inf": 10}


def test_a_total_that_is_not_the_sum_is_a_fault():
    rings = solve_rings(INTERVALS, 101)
    assert rings.faults == ["total: 101 is printed, but the rings sum to 100"]


def test_one_illegible_ring_follows_from_the_total_and_is_noted():
    rings = solve_rings(INTERVALS | {(2.0, 4.0): None}, 100)
    assert rings.values["ring_2_4"] == 50
    assert not rings.faults
    assert rings.notes == ["ring_2_4: not legible; computed from the total and the other rings"]


def test_two_illegible_rings_are_faults():
    rings = solve_rings(INTERVALS | {(0.0, 2.0): None, (2.0, 4.0): None}, 100)
    assert [fault.partition(":")[0] for fault in rings.faults] == ["ring_0_2", "ring_2_4"]


def test_an_illegible_total_follows_from_the_rings_and_is_noted():
    rings = solve_rings(INTERVALS, None)
    assert rings.values["total"] == 100
    assert rings.notes == ["total: not legible; taken from the rings"]


def test_counts_within_radii_must_rise():
    rings = solve_rings({(0.0, 2.0): 40.0, (0.0, 4.0): 30.0}, 100)
    assert rings.faults == ["ring_2_4: holds -10 holes by the counts printed; one of them is wrong"]


def test_two_ways_to_one_radius_must_agree():
    rings = solve_rings(INTERVALS | {(0.0, 4.0): 95.0}, 100)
    assert rings.faults == ["ring_0_4: 95 is printed, but 90 follows from the others"]


def test_counts_that_follow_from_the_others_are_confirmed():
    assert solve_rings(INTERVALS, 100).confirmed == {"total", "ring_0_2", "ring_2_4", "ring_4_inf"}
    assert not solve_rings(INTERVALS, None).confirmed
    assert not solve_rings(INTERVALS, 101).confirmed
    # The total and the counts within radii have nothing in common.
    assert not solve_rings({(0.0, 2.0): 40.0, (0.0, 4.0): 90.0}, 100).confirmed
