import numpy as np
import pytest
from PIL import Image

from triptych.cache import Cache
from triptych.encoders.image import Lite0
from triptych.reading import digitise
from triptych.simulate import LAYOUTS, draw_record, draw_style
from triptych.tuning.views import PATCH_CHANNELS, SIDE, make_views, view_features


def _picture(mean=(4.0, 3.0), layout=LAYOUTS[0], seed=0) -> Image.Image:
    points = np.random.default_rng(1).normal(mean, (1.5, 3.0), (500, 2))
    return draw_record(points, layout, draw_style(layout, np.random.default_rng(seed)), {})


def _brightest(view: Image.Image) -> tuple[float, float]:
    """The position of the dots in a view, x and y (downwards) in 0..1."""
    core = np.asarray(view, dtype=float)[:, :, 0]
    at = (np.arange(SIDE) + 0.5) / SIDE
    return float((core.sum(axis=0) * at).sum() / core.sum()), float((core.sum(axis=1) * at).sum() / core.sum())


def test_the_wide_view_shows_where_the_dots_lie_and_the_close_one_centres_them():
    image = _picture()
    wide, close = make_views(image, digitise(image))
    x, y = _brightest(wide)
    assert x > 0.6
    assert y < 0.45
    assert _brightest(close) == pytest.approx((0.5, 0.5), abs=0.03)


def test_two_machines_show_the_same_cloud_alike():
    first, second = (_picture(layout=layout) for layout in (LAYOUTS[0], LAYOUTS[3]))
    pairs = zip(make_views(first, digitise(first)), make_views(second, digitise(second)), strict=True)
    for a, b in pairs:
        assert _brightest(a) == pytest.approx(_brightest(b), abs=0.03)


def test_a_picture_without_a_plot_is_shown_whole():
    image = Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 40).convert("RGB")
    wide, close = make_views(image, None)
    assert wide.size == (SIDE, SIDE)
    assert wide.tobytes() == close.tobytes()


def test_thumbnails_are_concatenated_with_the_encoders_map():
    image, encoder = _picture(), Lite0()
    plot = digitise(image)
    found = view_features(image, plot, encoder, Cache())
    assert found.shape == (encoder.channels + PATCH_CHANNELS, encoder.grid, encoder.grid)
    thumbnails = found[encoder.channels :].astype(float)
    assert thumbnails.reshape(2, -1, 3, 7, 7).mean(axis=(1, 3, 4)) == pytest.approx(np.ones((2, 3)), abs=0.05)
    right = thumbnails[: PATCH_CHANNELS // 2, :, 4:].mean()
    assert right > thumbnails[: PATCH_CHANNELS // 2, :, :3].mean()
