"""The picture of a record: dots where the points are, words where the layout puts them."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from triptych.simulate.classes import draw_points
from triptych.simulate.draw import draw_record, encode, to_pixels
from triptych.simulate.layouts import LAYOUTS, LEDGER, TICKET
from triptych.simulate.style import Style

PINK = (255, 64, 160)
PLAIN = Style(dot_radius=3.0, pink=PINK)
each_layout = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)


def pink_pixels(picture):
    """The pink pixels of a picture: (x, y) of each pixel's centre, [n, 2]."""
    rgb = np.asarray(picture).astype(int)
    y, x = np.nonzero((rgb[..., 0] - rgb[..., 1] > 100) & (rgb[..., 2] - rgb[..., 1] > 50))
    return np.stack([x, y], axis=1) + 0.5


@each_layout
def test_a_dot_is_at_the_position_of_its_point(layout):
    point = np.array([[7.3, -4.1]])
    dots = pink_pixels(draw_record(point, layout, PLAIN, {}))
    expected = to_pixels(point, layout)[0] + layout.plot[:2]
    assert dots.mean(axis=0) == pytest.approx(expected, abs=0.25)
    assert expected[0] > layout.plot[0] + layout.plot[2] / 2  # right of the centre
    assert expected[1] > layout.plot[1] + layout.plot[2] / 2  # and below it: y points upwards


def test_a_dot_covers_the_area_of_its_radius():
    dots = pink_pixels(draw_record(np.array([[5.0, 5.0]]), LEDGER, PLAIN, {}))
    assert len(dots) == pytest.approx(np.pi * 3.0**2, rel=0.2)


def test_a_hole_beyond_the_frame_is_counted_but_not_drawn():
    inside, outside = np.array([[3.0, 3.0]]), np.array([[3.0, 3.0], [LEDGER.half_range + 1, 0.0]])
    one, two = (draw_record(points, LEDGER, PLAIN, {}) for points in (inside, outside))
    assert len(pink_pixels(one)) == len(pink_pixels(two))
    assert one != two  # the table differs


def test_no_dot_leaves_the_plot():
    points = draw_points("type-2", np.random.default_rng(0)) * 2
    left, top, side = LEDGER.plot
    dots = pink_pixels(draw_record(points, LEDGER, PLAIN, {}))
    assert dots.min(axis=0)[0] >= left
    assert dots.min(axis=0)[1] >= top
    assert dots.max(axis=0)[0] <= left + side
    assert dots.max(axis=0)[1] <= top + side


@each_layout
def test_words_stand_on_the_sheet_in_its_size_and_mode(layout):
    picture = draw_record(draw_points("normal", np.random.default_rng(1)), layout, PLAIN, {})
    assert picture.mode == "RGB"
    assert picture.size == layout.size
    dark = np.asarray(picture.convert("L")) < 128
    for block in layout.blocks:
        x, y = block.origin
        assert dark[y - 12 : y + 12, max(x - 40, 0) : x + 60].any()
        x, y = x + block.value[0], y + block.value[1]
        assert dark[y - 12 : y + 12, max(x - 40, 0) : x + 40].any()


def test_extra_words_are_printed_where_the_sheet_has_a_place_for_them():
    points = draw_points("normal", np.random.default_rng(1))
    bare = draw_record(points, TICKET, PLAIN, {})
    assert draw_record(points, TICKET, PLAIN, {"Lot": "K12345"}) != bare
    assert draw_record(points, LEDGER, PLAIN, {"Lot": "K12345"}) == draw_record(points, LEDGER, PLAIN, {})


def test_a_tilted_sheet_turns_about_its_centre():
    point = np.array([[15.0, 0.0]])
    straight = pink_pixels(draw_record(point, LEDGER, PLAIN, {})).mean(axis=0)
    tilted = pink_pixels(draw_record(point, LEDGER, replace(PLAIN, tilt=0.8), {})).mean(axis=0)
    arm = straight - np.array(LEDGER.size) / 2
    angle = np.radians(0.8)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])  # y points down in a picture
    assert tilted == pytest.approx(turn @ arm + np.array(LEDGER.size) / 2, abs=0.5)


def test_blur_softens_edges():
    points = np.array([[5.0, 5.0]])
    sharp, soft = (np.asarray(draw_record(points, LEDGER, replace(PLAIN, blur=blur), {}), int) for blur in (0.0, 0.9))
    steepest = [np.abs(np.diff(picture, axis=1)).max() for picture in (sharp, soft)]
    assert steepest[1] < 0.7 * steepest[0]


def test_a_style_without_jpeg_quality_is_stored_without_loss():
    picture = draw_record(np.array([[5.0, 5.0]]), LEDGER, PLAIN, {})
    encoded = encode(picture, PLAIN)
    assert encoded.suffix == ".png"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encoded.data))), np.asarray(picture))


def test_a_lower_jpeg_quality_gives_a_smaller_file():
    picture = draw_record(draw_points("type-4", np.random.default_rng(2)), LEDGER, PLAIN, {})
    rough, fine = (encode(picture, replace(PLAIN, jpeg_quality=quality)) for quality in (60, 95))
    assert rough.suffix == fine.suffix == ".jpg"
    assert len(rough.data) < len(fine.data)
    assert Image.open(io.BytesIO(rough.data)).format == "JPEG"
