import math

import numpy as np
import pytest

from triptych.tuning.simulated_subjects import random_layout, simulated_readings, simulated_subject


def test_the_plot_of_a_subject_agrees_with_its_readings():
    for rng in np.random.default_rng(0).spawn(6):
        subject = simulated_subject(rng)
        assert subject.plot is not None
        ratio = subject.plot.sigma_x / subject.plot.sigma_y
        assert ratio == pytest.approx(subject.readings["sigma_x"] / subject.readings["sigma_y"], rel=0.15)
        assert subject.plot.centroid_x * subject.readings["mean_x"] > -0.05
        assert subject.plot.centroid_y * subject.readings["mean_y"] > -0.05


def test_no_two_layouts_are_alike():
    layouts = [random_layout(rng) for rng in np.random.default_rng(1).spawn(20)]
    assert len({layout.half_range for layout in layouts}) == 20
    assert len({layout.colours.ground for layout in layouts}) > 15
    assert len({len(layout.circles) for layout in layouts}) > 3


def test_classes_are_independent_of_direction():
    means = [(each["mean_x"], each["mean_y"]) for each in simulated_readings(400, np.random.default_rng(2))]
    octants = np.bincount([round(math.atan2(y, x) / (math.pi / 4)) % 8 for x, y in means], minlength=8)
    assert octants.min() > 20


def test_the_same_seed_draws_the_same_picture():
    first, second = (simulated_subject(np.random.default_rng(5)) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert first.readings == second.readings
