import numpy as np
import pytest
from PIL import Image

from triptych.reading.deskew import deskew, estimate_angle


def turned(picture, angle):
    return np.asarray(picture.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white"))


@pytest.mark.parametrize("angle", [-1.0, -0.4, 0.0, 0.3, 0.9])
def test_the_angle_of_a_sheet_is_found(draw_plot, cloud, angle):
    picture = turned(draw_plot(cloud(200, (0, 0), (2, 2))), angle)
    assert estimate_angle(picture[:, :, 1]) == pytest.approx(angle, abs=0.06)


def test_a_level_sheet_stays_as_it_is(draw_plot, cloud):
    picture = turned(draw_plot(cloud(200, (0, 0), (2, 2))), 0)
    assert deskew(picture).pixels is picture


def test_places_can_be_traced_back_to_the_original():
    original = Image.new("RGB", (400, 300), "white")
    page = np.asarray(original).copy()
    page[40:260, 60:340:40] = 0  # lines to deskew by
    page[40:260:40, 60:340] = 0
    askew = turned(Image.fromarray(page), 0.8)
    upright = deskew(askew)
    assert upright.angle == pytest.approx(0.8, abs=0.06)
    x, y = upright.to_original((60, 40))
    expected = askew[round(y) - 4 : round(y) + 5, round(x) - 4 : round(x) + 5].min()
    assert expected < 100  # the corner of the lines is near there
    assert askew[round(y) + 100, round(x) - 12].min() > 200  # and nothing to its left


def test_a_picture_without_lines_stays_as_it_is():
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    assert deskew(noise).angle == 0


@pytest.mark.parametrize("angle", [-4.6, -3.0, 2.4, 5.0])
def test_a_page_that_is_clearly_askew_is_turned(draw_plot, cloud, angle):
    picture = turned(draw_plot(cloud(200, (0, 0), (2, 2))), angle)
    assert estimate_angle(picture[:, :, 1]) == pytest.approx(angle, abs=0.06)


def test_a_photograph_with_slanting_edges_is_not_turned():
    y, x = np.mgrid[:300, :400]
    edges = 40 * ((y + 0.06 * x) // 30 % 2) + np.random.default_rng(0).normal(0, 12, (300, 400)) + 0.4 * x
    photograph = np.repeat(edges.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
    assert deskew(photograph).angle == 0
