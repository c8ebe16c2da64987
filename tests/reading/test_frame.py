import pytest

from triptych.reading.axes import Scale
from triptych.reading.frame import frame_of
from triptych.reading.plot import Plot

TARGET = Plot(center=(200, 200), radius=100, half=110, half_y=110, circle=True)
AXES = Plot(center=(200, 200), radius=150, half=150, half_y=100, circle=False)


def test_without_labels_the_unit_is_that_of_the_plot():
    frame = frame_of(AXES, None)
    assert (frame.zero, frame.radius, frame.per_radius) == ((0, 0), 150, None)


def test_labels_around_a_target_give_the_value_of_its_radius():
    frame = frame_of(TARGET, Scale((200.5, 199.5), (0.2, 0.2), 1.0))
    assert (frame.zero, frame.radius, frame.per_radius, frame.unit) == ((0, 0), 100, 20, 1.0)


def test_labels_that_contradict_a_target_are_not_used():
    assert frame_of(TARGET, Scale((150, 200), (0.2, 0.2), 1.0)).per_radius is None


def test_zero_is_where_the_labels_say():
    frame = frame_of(AXES, Scale((100, 220), (0.2, 0.2), None))
    assert frame.zero == (-100, 20)
    assert frame.radius == 250  # to the right side
    assert frame.per_radius == pytest.approx(50)


def test_y_is_stretched_to_the_scale_of_x():
    frame = frame_of(AXES, Scale((200, 200), (0.1, 0.3), None))
    assert frame.stretch == pytest.approx(3)
    assert frame.radius == pytest.approx(300)
    assert frame.per_radius == pytest.approx(30)


def test_zero_outside_of_the_plot_stays_there():
    frame = frame_of(AXES, Scale((-100, 200), (0.1, 0.1), None))
    assert frame.zero == (0, 0)
    assert frame.origin == pytest.approx((30, 0))
