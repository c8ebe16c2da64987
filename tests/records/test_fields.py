import math

import numpy as np

from triptych.records.fields import order_fields, point_readings, ring_bounds, ring_name, ring_names


def test_readings_of_points_are_counts_means_and_standard_deviations():
    points = np.array([[0.0, 1.0], [3.0, 0.0], [0.0, -5.0], [-30.0, 0.0]])
    readings = point_readings(points, [0, 2, 4])
    assert readings["total"] == 4
    assert readings["mean_x"] == -6.75
    assert readings["mean_y"] == -1.0
    assert math.isclose(readings["sigma_y"], np.std([1, 0, -5, 0]))
    assert [readings[name] for name in ring_names(readings)] == [1, 1, 2]


def test_a_ring_name_gives_its_bounds_back():
    assert ring_name(0.5, 2) == "ring_0.5_2"
    assert ring_bounds("ring_0.5_2") == (0.5, 2.0)
    assert ring_bounds(ring_name(20, math.inf)) == (20.0, math.inf)
    assert ring_bounds("ring_finger") is None


def test_tables_show_total_moments_rings_from_the_centre_then_the_rest():
    names = ["lot", "ring_10_12", "sigma_x", "ring_2_4", "total", "mean_x"]
    assert order_fields(names) == ["total", "mean_x", "sigma_x", "ring_2_4", "ring_10_12", "lot"]
