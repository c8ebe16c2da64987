from dataclasses import replace

import numpy as np
import pytest

from triptych.reading.box import Box
from triptych.reading.dots import Dots
from triptych.reading.measures import DetectedPlot
from triptych.reading.page import CropStyle, Page
from triptych.reading.plot import Plot

REGION = Box(20, 20, 200, 60)


@pytest.fixture
def page(draw_lines):
    return Page.of(draw_lines([(60, 25, "-1.25")], size=(300, 100), font=24))


def test_a_value_is_cut_to_its_ink_with_ground_around(page):
    narrow, wide = page.value_crop(REGION, CropStyle(0.3)), page.value_crop(REGION, CropStyle(0.8))
    assert narrow.shape[0] < wide.shape[0] < REGION.height * 2
    assert wide[0].min() == 255
    assert narrow.min() < 60


def test_ground_beyond_the_region_is_made_up(page):
    close = Box(58, 28, 125, 52)
    assert page.value_crop(close, CropStyle(0.8)).shape == page.value_crop(REGION, CropStyle(0.8)).shape


def test_a_look_may_be_stretched(page):
    plain, stretched = page.value_crop(REGION, CropStyle(0.5)), page.value_crop(REGION, CropStyle(0.5, stretch=1.5))
    assert stretched.shape[1] == pytest.approx(1.5 * plain.shape[1], abs=1)
    assert stretched.shape[0] == plain.shape[0]


def test_where_nothing_is_printed_there_is_nothing_to_read(page):
    assert page.value_crop(Box(200, 20, 280, 60), CropStyle(0.5)).size == 0


def test_a_text_shorter_than_the_print_is_partial(page):
    assert page.holds_more(REGION, "1.25")  # the minus sign
    assert not page.holds_more(REGION, "-1.25")


def test_a_value_begins_after_the_gap_behind_its_name(draw_lines):
    page = Page.of(draw_lines([(20, 25, "Mean X:   0.07")], size=(300, 100), font=24))
    name, value = page.gray[20:60, 20:110] < 128, page.gray[20:60, 125:200] < 128
    assert name.any()
    assert value.any()
    start = page.value_start(Box(15, 20, 220, 60), "0.07")
    assert start is not None
    columns = np.flatnonzero((page.gray[20:60] < 128).any(axis=0))
    gap = np.argmax(np.diff(columns))
    assert columns[gap] < start <= columns[gap + 1]


def test_the_frame_of_a_table_is_not_a_plot(draw_lines):
    page = Page.of(draw_lines([(60, 25, "-1.25")], size=(300, 100)))
    framed = replace(
        page, plot=DetectedPlot(Plot((150, 50), 120, 120, 45, circle=False), Dots((), (0, 0)), (150, 50), 0.0)
    )
    rows = [Box(40, 10 + 25 * i, 260, 30 + 25 * i) for i in range(3)]
    assert framed.without_framed_table(rows).plot is None
    assert framed.without_framed_table(rows[:1]).plot is not None
