from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from triptych.reading.density import dot_density
from triptych.reading.dots import find_dots
from triptych.reading.plot import Plot

PLOT = Plot(center=(200, 200), radius=150, half=162, half_y=162, circle=True)


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


def test_grey_targets_and_a_tinted_background_are_not_dots(draw_plot):
    picture = np.asarray(draw_plot(np.zeros((0, 2)))).astype(int) - [0, 4, 8]
    assert find_dots(picture.clip(0, 255).astype(np.uint8), PLOT) is None


@pytest.mark.parametrize("second", [(30, 90, 220), (0, 0, 0), (255, 150, 0)], ids=["blue", "black", "orange"])
def test_dots_of_two_colours_all_count(draw_plot, cloud, second):
    inner, outer = cloud(150, (-6, 0), (2.5, 2.5), seed=1), cloud(150, (6, 0), (2.5, 2.5), seed=2)
    one = np.asarray(draw_plot(inner, colour=(214, 39, 40), dot=2.5))
    other = np.asarray(draw_plot(outer, colour=second, dot=2.5))
    density = dot_density(seen(np.minimum(one, other)))
    assert density.dots.sum() == pytest.approx(300, rel=0.08)
    assert density.dots[:, density.x < 0].sum() == pytest.approx(150, rel=0.1)


@pytest.mark.parametrize("grey", [0, 90, 130])
def test_dots_without_a_colour_are_told_from_the_lines_of_the_target(draw_plot, cloud, grey):
    points = cloud(300, (2, -3), (3, 3))
    density = dot_density(seen(draw_plot(points, colour=(grey, grey, grey), dot=2.5)))
    share = density.dots / density.dots.sum()
    assert density.dots.sum() == pytest.approx(300, rel=0.1)
    assert share.sum(axis=0) @ density.x == pytest.approx(points[:, 0].mean() * 150 / 20, abs=1)
    assert share.sum(axis=1) @ density.y == pytest.approx(points[:, 1].mean() * 150 / 20, abs=1)


def test_bright_dots_on_a_dark_ground(draw_plot, cloud):
    picture = 255 - np.asarray(draw_plot(cloud(300, (0, 0), (3, 3)), colour=(0, 0, 0), dot=2.5))
    assert dot_density(seen(picture)).dots.sum() == pytest.approx(300, rel=0.1)


def test_a_coloured_circle_is_not_a_dot(draw_plot, cloud):
    picture = draw_plot(cloud(300, (0, 0), (3, 3)), colour=(220, 40, 40), dot=2.5)
    ImageDraw.Draw(picture).ellipse((110, 110, 290, 290), outline=(220, 40, 40), width=2)
    density = dot_density(seen(picture))
    assert density.dots.sum() == pytest.approx(300, rel=0.12)


def test_print_in_the_plot_is_not_dots(draw_plot, cloud):
    picture = draw_plot(cloud(300, (0, 0), (3, 3)), colour=(0, 0, 0), dot=2.5)
    before = dot_density(seen(picture)).dots.sum()
    ImageDraw.Draw(picture).text((60, 60), "Target 20 um, tool 7", fill="black", font=ImageFont.load_default(14))
    assert dot_density(seen(picture)).dots.sum() == pytest.approx(before, rel=0.02)


def test_axes_with_a_line_are_not_a_dot_plot():
    picture = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(picture)
    pen.line([(50 + 5 * i, 200 + int(90 * np.sin(i))) for i in range(60)], fill=(30, 90, 220), width=2)
    assert find_dots(np.asarray(picture), replace(PLOT, circle=False)) is None


def test_dashes_of_a_circle_are_not_dots(draw_plot, cloud):
    picture = draw_plot(cloud(300, (0, 0), (3, 3)), colour=(220, 40, 40), dot=2.5)
    before = dot_density(seen(picture)).dots.sum()
    pen = ImageDraw.Draw(picture)
    for start in range(0, 360, 8):
        pen.arc((90, 90, 310, 310), start, start + 4, fill=(220, 40, 40), width=2)
    assert dot_density(seen(picture)).dots.sum() == pytest.approx(before, rel=0.05)


def test_hollow_dots_count(draw_plot, cloud):
    points = cloud(150, (0, 0), (4, 4))
    picture = draw_plot(np.zeros((0, 2)))
    pen = ImageDraw.Draw(picture)
    for x, y in 200 + points * [7.5, -7.5]:
        pen.ellipse((x - 3, y - 3, x + 3, y + 3), outline=(40, 40, 220))
    density = dot_density(seen(picture))
    assert density.dots.sum() == pytest.approx(150, rel=0.12)


def test_the_marker_of_a_legend_is_not_a_dot(draw_plot, cloud):
    points = np.concatenate([cloud(200, (0, 0), (2, 2)), [[-14.0, 14.0]]])
    picture = draw_plot(points, dot=2.5)
    ImageDraw.Draw(picture).text((107, 87), "class A", fill="black", font=ImageFont.load_default(11))
    density = dot_density(seen(picture))
    assert density.dots[density.y > 60].sum() == 0


def test_black_dots_that_are_merged_count_beside_coloured_ones(draw_plot, cloud):
    points = cloud(400, (0, 0), (3, 3))
    near = np.hypot(*points.T) < 2.5
    outer = np.asarray(draw_plot(points[~near], colour=(214, 39, 40), dot=2.5))
    inner = np.asarray(draw_plot(points[near], colour=(0, 0, 0), dot=2.5))
    density = dot_density(seen(np.minimum(outer, inner)))
    assert density.dots.sum() == pytest.approx(400, rel=0.15)


def test_the_digits_of_a_table_are_not_dots():
    picture = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(12):
        pen.text(
            (60, 50 + 25 * row), "0 8 6 9   3 0 5   8 0 2 6   9 0 0", fill="black", font=ImageFont.load_default(14)
        )
    assert find_dots(np.asarray(picture), replace(PLOT, circle=False)) is None
