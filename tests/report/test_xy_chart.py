"""Line charts of y over x."""

import pytest

from triptych.report.charts import FRAME
from triptych.report.xy_chart import draw_xy

AXES = ("x", "y")


def test_points_lie_where_their_coordinates_say():
    chart = draw_xy("t", AXES, {"a": [(0, 0), (50, 10), (100, 20)]}, "d", dotted=["a"])
    middle = ((FRAME.left + FRAME.right) / 2, (FRAME.top + FRAME.bottom) / 2)
    assert chart.lines[0].dots == [(FRAME.left, FRAME.bottom), middle, (FRAME.right, FRAME.top)]
    assert (
        chart.lines[0].path == f"M{FRAME.left} {FRAME.bottom} L{middle[0]:g} {middle[1]:g} L{FRAME.right} {FRAME.top}"
    )
    assert [tick.label for tick in chart.x_ticks] == ["0", "20", "40", "60", "80", "100"]


def test_a_line_without_points_has_no_path():
    assert draw_xy("t", AXES, {"a": []}, "d").lines[0].path == ""


@pytest.mark.parametrize("point", [(-1, 0), (0, float("nan")), (float("inf"), 0)])
def test_what_cannot_be_drawn_is_refused(point):
    with pytest.raises(ValueError, match="finite and at least 0"):
        draw_xy("t", AXES, {"a": [point]}, "d")


def test_scattered_points_have_no_line_and_axes_without_a_name_no_scale():
    chart = draw_xy("t", ("", ""), {"a": [(0, 0), (7, 3)]}, "d", scattered=True)
    assert chart.lines[0].path == ""
    assert chart.lines[0].dots == [(FRAME.left, FRAME.bottom), (FRAME.right, FRAME.top)]
    assert chart.x_ticks == chart.y_ticks == []


def test_points_that_are_all_the_same_can_be_scattered():
    assert draw_xy("t", ("", ""), {"a": [(0, 0)]}, "d", scattered=True).lines[0].dots == [(FRAME.left, FRAME.bottom)]
