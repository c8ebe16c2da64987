import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from triptych.reading.plot import Plot, find_plots

CENTER, RADIUS, HALF = (200, 200), 150, 162  # of the plots that `draw_plot` draws


def find_plot(picture: np.ndarray) -> Plot | None:
    return next(find_plots(picture), None)


def _textured_disc() -> Image.Image:
    """Similar to photographs of round objects: lines in all directions, but no circle."""
    grain = gaussian_filter(np.random.default_rng(0).normal(size=(240, 320)), 1)
    y, x = np.mgrid[:240, :320]
    disc = np.hypot(x - 160, y - 120) <= 90
    return Image.fromarray((200 - 10 * disc * np.abs(grain) / grain.std()).astype(np.uint8)).convert("RGB")


@pytest.mark.parametrize("frame", [True, False])
def test_the_outermost_circle_is_found_to_a_part_of_a_pixel(draw_plot, cloud, frame):
    plot = find_plot(np.asarray(draw_plot(cloud(300, (1, 0), (2, 2)), frame=frame)))
    assert plot is not None
    assert plot.center == pytest.approx(CENTER, abs=0.3)
    assert plot.radius == pytest.approx(RADIUS, abs=0.6)


def test_a_plot_without_circles_is_as_large_as_its_frame(draw_plot, cloud):
    plot = find_plot(np.asarray(draw_plot(cloud(300, (1, 0), (2, 2)), circles=())))
    assert plot is not None
    assert plot.center == pytest.approx(CENTER, abs=1)
    assert plot.radius == pytest.approx(HALF, abs=3)


def test_light_lines_on_a_dark_ground_are_a_plot(draw_plot, cloud):
    plot = find_plot(255 - np.asarray(draw_plot(cloud(300, (1, 0), (2, 2)))))
    assert plot is not None
    assert plot.center == pytest.approx(CENTER, abs=0.3)
    assert plot.radius == pytest.approx(RADIUS, abs=0.6)


@pytest.mark.parametrize("ticks", [False, True])
def test_two_axes_are_a_plot(ticks):
    picture = np.full((400, 600, 3), 255, np.uint8)
    picture[40:301, 100] = picture[300, 100:501] = 0  # left and lower axis, 400 by 260 px
    if ticks:
        picture[50:300:50, 95:100] = picture[301:306, 150:500:50] = 0
    plot = find_plot(picture)
    assert plot is not None
    assert plot.center == pytest.approx((300, 170), abs=2)
    assert (plot.half, plot.half_y, plot.radius) == pytest.approx((200, 130, 200), abs=2)


def test_axes_in_a_border_come_before_the_border():
    picture = np.full((500, 700, 3), 255, np.uint8)
    for x0, y0, x1, y1 in ((10, 10, 690, 490), (60, 60, 400, 400)):
        picture[y0:y1, [x0, x1]] = picture[[y0, y1], x0:x1] = 0
    assert [round(plot.half) for plot in find_plots(picture)] == [170, 340]


def test_tick_marks_outside_of_the_frame_do_not_shift_the_centre(draw_plot, cloud):
    picture = np.asarray(draw_plot(cloud(300, (1, 0), (2, 2)))).copy()
    picture[100:300:50, 20:40] = 0  # left of the frame only
    plot = find_plot(picture)
    assert plot is not None
    assert plot.center == pytest.approx(CENTER, abs=0.3)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (16, 16)),
        Image.new("RGB", (300, 200), "white"),
        Image.effect_noise((200, 200), 80).convert("RGB"),
        Image.radial_gradient("L").convert("RGB"),
        _textured_disc(),
    ],
    ids=["tiny", "blank", "grain", "soft", "texture"],
)
def test_pictures_without_a_target_have_no_plot(picture):
    assert find_plot(np.asarray(picture)) is None


def test_a_target_that_all_but_touches_the_frame_of_a_window_is_found():
    window = Image.new("L", (600, 400), 212)
    pen = ImageDraw.Draw(window)
    for box in ((5, 5, 594, 394), (20, 60, 250, 380), (22, 20, 240, 50), (280, 20, 580, 380)):
        pen.rectangle(box, outline=150)
    pen.rectangle((283, 40, 577, 334), fill=255)
    pen.ellipse((300, 57, 560, 317), outline=60)
    pen.line((283, 187, 577, 187), fill=150)
    target = next(find_plots(np.asarray(window.convert("RGB"))))
    assert target.circle
    assert target.center == pytest.approx((430, 187), abs=1)
