import numpy as np
import pytest

from triptych.reading.density import dot_density
from triptych.reading.dots import find_dots
from triptych.reading.plot import Plot

PLOT = Plot(center=(200, 200), radius=150, half=162, half_y=162, circle=True)


def seen(picture):
    dots = find_dots(np.asarray(picture), PLOT)
    assert dots is not None
    return dots


def test_hidden_dots_are_counted_by_the_ground_they_leave_bare(draw_plot, cloud):
    points = cloud(800, (0, 0), (3, 3))
    dots = seen(draw_plot(points))
    assert dots.cover.sum() / dots.area < 650  # a count of coloured pixels misses many
    assert dot_density(dots).dots.sum() == pytest.approx(800, rel=0.1)


def test_the_printed_total_gives_the_dots_in_a_saturated_middle(draw_plot, cloud):
    dots = seen(draw_plot(cloud(2500, (0, 0), (1.8, 1.8))))
    assert dot_density(dots, total=2500).dots.sum() == pytest.approx(2500, rel=0.02)
