"""What experts see of a picture, and where it lies in the picture."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import tiny
from triptych.encoders.image import Lite0
from triptych.encoders.pretrained import TransformersImage
from triptych.explain.views import digitised_view, encoder_view, picture_view, seen_part
from triptych.reading import digitise
from triptych.records import Decoder, Record


@pytest.fixture(scope="module")
def plotted(simulated):
    record = Record("a", next((simulated / "test").rglob("*.png")))
    return SimpleNamespace(record=record, reading=SimpleNamespace(plot=digitise(record.load_image())))


def test_the_digitised_plot_lies_where_its_dots_are(plotted):
    view, picture = digitised_view(plotted), plotted.record.load_image()
    left, top, right, bottom = view.box
    assert 0 < left < right < picture.width
    assert 0 < top < bottom < picture.height
    again = np.asarray(picture.crop(tuple(map(round, view.box))).convert("HSV").resize(view.image.size))[..., 1]
    dots = 255 - np.asarray(view.image.convert("L"), dtype=float)
    assert np.corrcoef(again.ravel(), dots.ravel())[0, 1] > 0.4


def test_the_view_of_the_encoder_reaches_a_little_beyond_the_plot(plotted):
    inner, outer = digitised_view(plotted).box, picture_view(plotted, Decoder()).box
    assert all(a < b for a, b in zip(outer[:2], inner[:2], strict=True))
    assert all(a > b for a, b in zip(outer[2:], inner[2:], strict=True))


def test_without_a_plot_the_whole_picture_is_seen():
    item = SimpleNamespace(record=Record("a", Image.new("RGB", (60, 40))), reading=SimpleNamespace(plot=None))
    assert picture_view(item, Decoder()).box == (0, 0, 60, 40)
    assert digitised_view(item) is None


def test_the_default_encoder_sees_all_of_it():
    assert seen_part(Lite0()) == pytest.approx((0, 0, 1, 1), abs=0.005)


def test_a_cropping_encoder_sees_the_middle(tmp_path):
    whole = TransformersImage(str(tiny.resnet(tmp_path / "image")))

    class Cropping(Lite0):
        def pixels(self, image):
            w, h = image.size
            return super().pixels(image.crop((w // 8, h // 4, w - w // 8, h)))

    assert seen_part(Cropping()) == pytest.approx((0.125, 0.25, 0.875, 1), abs=0.005)
    item = SimpleNamespace(record=Record("a", Image.new("RGB", (80, 40))), reading=SimpleNamespace(plot=None))
    view = encoder_view(item, Decoder(), Cropping())
    assert view.box == pytest.approx((10, 10, 70, 40), abs=0.4)
    assert view.image.size == pytest.approx((168, 168), abs=1)
    assert all(0 <= end <= 1 for end in seen_part(whole))
