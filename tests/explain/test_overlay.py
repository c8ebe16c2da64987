"""Heat maps over pictures."""

import numpy as np
import pytest
from PIL import Image

from triptych.explain.heat_map import HeatMap, to_unit
from triptych.explain.overlay import covers, over_picture, over_view

WHITE = Image.new("RGB", (100, 60), "white")


@pytest.fixture
def heat():
    """A map whose upper left quarter supports the class."""
    values = to_unit(np.array([[2.0, 0.0], [-1.0, 0.0]]))
    return HeatMap(WHITE, values, "cross", None, "frozen", "exact class activation", (40, 10, 80, 50))


def _redness(picture: Image.Image) -> np.ndarray:
    pixels = np.asarray(picture, dtype=float)
    return pixels[..., 0] - pixels[..., 1]


def test_values_are_the_positive_part_up_to_1(heat):
    assert heat.values.tolist() == [[1, 0], [0, 0]]
    assert not heat.empty
    assert not to_unit(np.array([[-1.0, 0.0]])).any()


def test_the_map_is_drawn_in_its_place_with_an_outline(heat):
    red = _redness(over_picture(WHITE, heat))
    assert red[20, 50] > 60
    assert red[40, 70] < 20
    assert red[10, 60] > 150
    assert not red[:, :40].any()
    assert not red[:, 80:].any()
    assert not covers(heat, WHITE)


def test_a_view_of_the_whole_picture_has_no_outline(heat):
    whole = HeatMap(heat.view, np.zeros((2, 2), np.float32), "cross", None, "frozen", "", (0, 0, 100, 60))
    assert covers(whole, WHITE)
    assert whole.empty
    assert not _redness(over_picture(WHITE, whole)).any()


def test_what_the_expert_sees_is_red_where_it_supports_the_class(heat):
    red = _redness(over_view(heat))
    assert red[10, 20] > 60 > red[50, 90]


def test_large_pictures_are_reduced_with_the_place_of_the_map(heat):
    large = WHITE.resize((2000, 1200))
    drawn = over_picture(large, HeatMap(large, heat.values, "cross", None, "frozen", "", (800, 200, 1600, 1000)))
    assert drawn.size == (840, 504)
    assert _redness(drawn)[168, 420] > 60
