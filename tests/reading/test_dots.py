import numpy as np
import pytest

from triptych.reading.dots import dot_density, find_dots
from triptych.reading.plot import Plot

PLOT = Plot(center=(200, 200), radius=150, half=162)


def seen(picture):
    dots = find_dots(np.asarray(picture), PLOT)
    assert dots is not None
    return dots


@pytest.mark.parametrize("colour", [(255, 64, 160), (255, 130, 190), (220, 40, 180), (40, 90, 220), (0, 140, 60)])
def test_dots_are_found_whatever_their_colour(draw_plot, colour):
    points = np.stack(np.meshgrid([-10.0, 0.0, 10.0], [-10.0, 0.0, 10.0]), axis=-1).reshape(-1, 2)
    density = dot_density(seen(draw_plot(points, colour=colour, dot=3.0)))
    assert density.dots.sum() == pytest.approx(9, rel=0.1)


def test_the_area_of_one_dot_is_that_of_isolated_dots(draw_plot, cloud):
    dots = seen(draw_plot(cloud(300, (0, 0), (3, 3)), dot=3.0))
    assert dots.area == pytest.approx(np.pi * 3.0**2, rel=0.1)


def test_a_dot_lies_where_it_was_drawn(draw_plot):
    points = np.array([[8.0, -4.0]] * 3)
    density = dot_density(seen(draw_plot(points, dot=3.0)))
    share = density.dots / density.dots.sum()
    assert share.sum(axis=0) @ density.x == pytest.approx(8.0 * 150 / 20, abs=0.5)
    assert share.sum(axis=1) @ density.y == pytest.approx(-4.0 * 150 / 20, abs=0.5)


def test_hidden_dots_are_counted_by_the_ground_they_leave_bare(draw_plot, cloud):
    points = cloud(800, (0, 0), (3, 3))
    dots = seen(draw_plot(points))
    assert dots.cover.sum() / dots.area < 650  # a count of coloured pixels misses many
    assert dot_density(dots).dots.sum() == pytest.approx(800, rel=0.1)


def test_the_printed_total_gives_the_dots_in_a_saturated_middle(draw_plot, cloud):
    dots = seen(draw_plot(cloud(2500, (0, 0), (1.8, 1.8))))
    assert dot_density(dots, total=2500).dots.sum() == pytest.approx(2500, rel=0.02)


def test_grey_targets_and_a_tinted_background_are_not_dots(draw_plot):
    picture = np.asarray(draw_plot(np.zeros((0, 2)))).astype(int) - [0, 4, 8]
    assert find_dots(picture.clip(0, 255).astype(np.uint8), PLOT) is None
