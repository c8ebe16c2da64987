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
    assert not covers(heat, *WHITE.size)


def test_a_view_of_the_whole_picture_has_no_outline(heat):
    whole = HeatMap(heat.view, np.zeros((2, 2), np.float32), "cross", None, "frozen", "", (0, 0, 100, 60))
    assert covers(whole, *WHITE.size)
    assert whole.empty
    assert not _redness(over_picture(WHITE, whole)).any()


def test_what_the_expert_sees_is_red_where_it_supports_the_class(heat):
    red = _redness(over_view(heat))
    assert red[10, 20] > 60 > red[50, 90]


def test_a_reduced_picture_has_the_map_in_the_same_place(heat):
    small = over_picture(WHITE.resize((50, 30)), heat, scale=0.5)
    red = _redness(small)
    assert small.size == (50, 30)
    assert red[10, 25] > 60
    assert red[5, 30] > 150
    assert not red[:, :20].any()


def test_a_map_as_plain_values(heat):
    values = heat.to_json()
    assert values["box"] == [40, 10, 80, 50]
    assert values["values"] == [[1, 0], [0, 0]]
    assert (values["expert"], values["label"]) == ("frozen", "cross")
