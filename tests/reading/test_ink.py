import numpy as np
import pytest

from triptych.reading.box import Box
from triptych.reading.ink import (
    dash_before,
    extent,
    free_space,
    gap_before,
    line_pieces,
    ruled_columns,
    widest_gap,
)

WHOLE = Box(0, 0, 100, 30)


def strip(*bars: tuple[int, int], ground=255, ink=0):
    """A strip [30, 100] with bars (left, right) of ink in the rows 8 to 22."""
    picture = np.full((30, 100), ground, dtype=np.uint8)
    for left, right in bars:
        picture[8:22, left:right] = ink
    return picture


@pytest.mark.parametrize(("ground", "ink"), [(255, 0), (40, 230), (200, 120)])
def test_the_extent_of_print_dark_or_light(ground, ink):
    assert extent(strip((20, 28), (32, 40), ground=ground, ink=ink), WHOLE) == Box(20, 8, 40, 22)


def test_an_empty_strip_has_no_extent():
    assert extent(strip(), WHOLE) is None
    assert extent(strip(), Box(50, 50, 50, 50)) is None


def test_ruled_lines_are_not_print():
    picture = strip((20, 28), (32, 40))
    picture[28, :] = 0
    picture[:, 90] = 0
    assert extent(picture, WHOLE) == Box(20, 8, 40, 22)


def test_the_tips_of_a_neighbouring_line_are_not_part_of_the_print():
    picture = strip((20, 28), (32, 40))
    picture[0:1, 10:60:6] = 0
    assert extent(picture, WHOLE) == Box(20, 8, 40, 22)


def test_pieces_side_by_side_are_counted():
    assert len(line_pieces(strip((20, 28), (32, 40), (60, 64)), WHOLE)) == 3
    assert len(line_pieces(strip(), WHOLE)) == 0


def test_free_space_ends_short_of_other_ink():
    picture = strip((10, 14), (40, 50), (80, 90))
    space = free_space(picture, Box(40, 8, 50, 22), Box(0, 0, 100, 30))
    assert 14 < space.x0 < 40
    assert 50 < space.x1 < 80
    assert (space.y0, space.y1) == (0, 30)


def test_free_space_keeps_within_its_limits():
    assert free_space(strip((40, 50)), Box(40, 8, 50, 22), Box(30, 4, 60, 26)) == Box(30, 4, 60, 26)


def test_a_value_begins_after_the_widest_gap_that_leaves_as_many_characters():
    one_one = strip((5, 12), (14, 20), (26, 28), (36, 39), (44, 47))  # "ab: 11", its ones set wide
    assert gap_before(one_one, WHOLE, 2) == pytest.approx(32, abs=1)


def test_print_without_gaps_has_no_place_to_cut():
    assert gap_before(strip((20, 60)), WHOLE, 2) is None


def _strip(*marks: tuple[int, int, int, int]) -> np.ndarray:
    """A white strip of 30 px with black rectangles (x0, y0, x1, y1)."""
    gray = np.full((30, 200), 255, dtype=np.uint8)
    for x0, y0, x1, y1 in marks:
        gray[y0:y1, x0:x1] = 0
    return gray


DIGITS = ((100, 5, 110, 25), (114, 5, 124, 25))
VALUE = Box(98, 0, 126, 30)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        (((70, 14, 80, 16),), True),  # apart
        (((90, 14, 98, 16),), True),  # near
        ((), False),
        (((70, 11, 80, 13), (70, 17, 80, 19)), False),  # an equals sign
        (((70, 5, 80, 25),), False),  # a letter
        (((70, 23, 80, 25),), False),  # the dot of a leader
        (((70, 14, 80, 16), (86, 5, 90, 25)), False),  # a dash before a letter
    ],
)
def test_a_dash_before_a_number(marks, found):
    assert dash_before(_strip(*DIGITS, *marks), VALUE, 10) == found


def test_a_dash_left_of_the_reach_does_not_count():
    assert not dash_before(_strip(*DIGITS, (70, 14, 80, 16)), VALUE, 85)


def test_the_widest_gap():
    assert widest_gap(_strip((10, 5, 20, 25), (26, 5, 40, 25), (80, 5, 90, 25)), Box(0, 0, 200, 30)) == 60
    assert widest_gap(_strip((10, 5, 20, 25)), Box(0, 0, 200, 30)) is None


def test_ruled_columns_are_those_of_lines_across_the_strip():
    columns = ruled_columns(_strip((10, 0, 12, 30), *DIGITS), Box(0, 0, 200, 30))
    assert np.flatnonzero(columns).tolist() == [10, 11]


def test_the_dots_of_a_leader_are_no_characters():
    dots = ((20, 22, 23, 25), (30, 22, 33, 25), (40, 22, 43, 25))
    assert len(line_pieces(_strip(*DIGITS, *dots), Box(0, 0, 200, 30))) == 2
    assert len(line_pieces(_strip(*DIGITS, (80, 14, 90, 17)), Box(0, 0, 200, 30))) == 3
