import dataclasses
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from triptych.reading import digitise
from triptych.reading.axes import Scale
from triptych.reading.deskew import deskew
from triptych.reading.measures import detect_plot
from triptych.simulate import LAYOUTS, Style, draw_points, draw_record

UM_PER_RADIUS = 20.0


def test_a_cloud_is_measured_in_radii_and_converted_to_um(draw_plot, cloud):
    points = cloud(400, (3, -2), (2.5, 1.5))
    measures = digitise(draw_plot(points))
    assert measures is not None
    assert measures.centroid_x == pytest.approx(points[:, 0].mean() / UM_PER_RADIUS, abs=0.01)
    um = measures.in_um(UM_PER_RADIUS)
    assert (um["centroid_x"], um["centroid_y"]) == pytest.approx(points.mean(axis=0), abs=0.15)
    assert (um["sigma_x"], um["sigma_y"]) == pytest.approx(points.std(axis=0), rel=0.06)
    assert measures.anisotropy == pytest.approx(2.5 / 1.5, rel=0.1)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_simulated_sheets_are_measured_askew_and_blurred(layout):
    points = draw_points("type-2", np.random.default_rng(5))
    style = Style(dot_radius=2.5, pink=layout.pinks[0], tilt=0.6, blur=0.6)
    measures = digitise(draw_record(points, layout, style, {}))
    assert measures is not None
    um = measures.in_um(max(layout.circles))
    assert (um["centroid_x"], um["centroid_y"]) == pytest.approx(points.mean(axis=0), abs=0.2)
    assert (um["sigma_x"], um["sigma_y"]) == pytest.approx(points.std(axis=0), rel=0.1)


def test_the_centre_is_given_in_the_original_picture(draw_plot, cloud):
    picture = Image.new("RGB", (700, 400), "white")
    picture.paste(draw_plot(cloud(300, (0, 0), (2, 2))))
    askew = picture.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor="white")
    measures = digitise(askew)
    assert measures is not None
    angle = np.radians(0.8)
    # 150 px left of the picture's centre; rotating it counter-clockwise moves that point down.
    expected = (350 - 150 * np.cos(angle), 200 + 150 * np.sin(angle))
    assert measures.center_px == pytest.approx(expected, abs=0.6)


def test_the_density_map_is_a_fixed_grid_of_shares(draw_plot, cloud):
    measures = digitise(draw_plot(cloud(300, (5, 5), (2, 2))))
    assert measures is not None
    assert measures.density.shape == (96, 96)
    assert measures.density.dtype == np.float32
    assert measures.density.sum() == pytest.approx(1, abs=0.01)
    assert measures.density[:48, 48:].sum() > 0.9  # up and right


def test_the_scale_must_be_known_for_lengths_in_um(draw_plot, cloud):
    measures = digitise(draw_plot(cloud(100, (0, 0), (2, 2))))
    assert measures is not None
    with pytest.raises(ValueError, match="scale"):
        measures.in_um()
    assert measures.with_scale(20.0).in_um() == measures.in_um(20.0)


def test_all_measures_are_finite(draw_plot):
    measures = digitise(draw_plot(np.array([[1.0, 1.0]]), dot=3.0))
    assert measures is not None
    assert all(np.isfinite(value).all() for value in dataclasses.asdict(measures).values() if value is not None)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (16, 16)),
        Image.new("RGB", (640, 480)),
        Image.new("L", (64, 64), 200),
        Image.new("RGBA", (200, 100), (255, 0, 150, 9)),
        Image.new("RGB", (900, 17), "pink"),
        Image.effect_noise((300, 200), 90).convert("RGB"),
        Image.effect_mandelbrot((300, 250), (-2, -1.5, 1, 1.5), 40).convert("RGB"),
    ],
    ids=["16x16", "black", "grey", "see-through", "strip", "grain", "photograph"],
)
def test_pictures_without_a_plot_have_no_measures(picture):
    assert digitise(picture) is None


def test_a_target_without_dots_has_no_measures(draw_plot):
    assert digitise(draw_plot(np.zeros((0, 2)))) is None


def test_measures_are_from_the_zero_of_the_axes(draw_plot, cloud):
    points = cloud(300, (3, -2), (2, 2))
    seen = detect_plot(deskew(np.asarray(draw_plot(points, circles=()))))
    assert seen is not None
    px_per_um = 150 / UM_PER_RADIUS
    zero = (200 - 4 * px_per_um, 200 + 6 * px_per_um)  # the labels say that (-4, -6) um is (0, 0)
    measures = replace(seen, scale=Scale(zero, (1 / px_per_um,) * 2, 1.0)).measure()
    assert measures.center_px == pytest.approx(zero, abs=1)
    um = measures.in_um(measures.label_per_radius)
    assert (um["centroid_x"], um["centroid_y"]) == pytest.approx(points.mean(axis=0) + np.array([4, 6]), abs=0.15)
    assert (um["sigma_x"], um["sigma_y"]) == pytest.approx(points.std(axis=0), rel=0.06)


def test_axes_of_different_scales_give_lengths_in_the_same_unit(draw_plot, cloud):
    points = cloud(300, (0, 0), (2, 2))
    seen = detect_plot(deskew(np.asarray(draw_plot(points, circles=()))))
    assert seen is not None
    measures = replace(seen, scale=Scale((200, 200), (0.1, 0.3), None)).measure()
    assert measures.sigma_y / measures.sigma_x == pytest.approx(3 * points[:, 1].std() / points[:, 0].std(), rel=0.05)
