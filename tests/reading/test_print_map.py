import json

import numpy as np
import pytest

from triptych.reading.box import Box
from triptych.reading.page import Page
from triptych.reading.plot import Plot
from triptych.reading.print_map import PrintMap


@pytest.fixture
def printed(draw_lines):
    def draw(*lines, plot=None):
        return PrintMap.of(Page.of(draw_lines(list(lines))).gray, plot)

    return draw


FIRST = (20, 20, "Mean X 0.12")


def test_print_in_a_new_place_is_found(printed):
    assert printed(FIRST).has_new(printed(FIRST, (20, 200, "Lot K12")), [])
    assert not printed(FIRST).has_new(printed(FIRST), [])


def test_print_may_move_by_some_pixels(printed):
    assert not printed(FIRST).has_new(printed((28, 26, "Mean X 0.12")), [])


def test_print_in_the_region_of_a_value_is_not_new(printed):
    later = printed(FIRST, (200, 20, "12345678"))
    assert printed(FIRST).has_new(later, [])
    assert not printed(FIRST).has_new(later, [Box(190, 10, 320, 50)])


def test_dirt_and_lines_are_no_print(printed, draw_lines):
    assert not printed(FIRST).has_new(printed(FIRST, (20, 200, ".")), [])
    gray = Page.of(draw_lines([FIRST])).gray.copy()
    gray[200:202, 20:380] = 0
    assert not printed(FIRST).has_new(PrintMap.of(gray, None), [])


def test_dots_of_a_plot_are_no_print(printed):
    plot = Plot((100.0, 200.0), 60.0, 70.0, 70.0, circle=True)
    assert not printed(FIRST, plot=plot).has_new(printed(FIRST, (50, 200, "Lot K12"), plot=plot), [])


def test_a_map_grows_and_survives_json(printed):
    both = printed(FIRST).joined(printed((20, 200, "Lot K12")))
    assert not both.has_new(printed((20, 200, "Lot K12")), [])
    loaded = PrintMap.from_json(json.loads(json.dumps(both.to_json())))
    assert np.array_equal(loaded.cells, both.cells)
