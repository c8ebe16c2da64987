import numpy as np
import pytest
from PIL import Image

from triptych.cache import Cache
from triptych.config import EncodersConfig
from triptych.encoders.adapters import ImageAdapter, VectorAdapter
from triptych.encoders.chosen import open_encoders, pad
from triptych.encoders.tuned import Bottleneck, TunedImage, TunedText


@pytest.mark.parametrize(
    ("tune", "image", "text", "image_branch", "text_branch"),
    [
        ("frozen", (1280, 7, 7), "f", ImageAdapter, VectorAdapter),
        ("adapters", (1280, 7, 7), "i", ImageAdapter, TunedText),
        ("full", (3, 224, 224), "i", TunedImage, TunedText),
    ],
)
def test_what_is_tuned_decides_what_the_branches_get_and_are(tmp_path, tune, image, text, image_branch, text_branch):
    encoders = open_encoders(EncodersConfig(tune=tune))
    cache = Cache(tmp_path / "c.sqlite")
    assert encoders.image_input(Image.new("RGB", (50, 50)), cache).shape == image
    assert encoders.text_input("The dots are shifted.", cache).dtype.kind == text
    assert isinstance(encoders.image_branch(1280, 7), image_branch)
    assert isinstance(encoders.text_branch(384), text_branch)


def test_equation_2_has_a_text_encoder_for_each_text(tmp_path):
    encoders = open_encoders(EncodersConfig(tune="full"))
    vlm, llm = encoders.text_branch(384), encoders.text_branch(384)
    shared = {p.data_ptr() for p in vlm.parameters()} & {p.data_ptr() for p in llm.parameters()}
    assert not shared


def test_only_adapters_mode_puts_adapters_into_an_encoder():
    found = {
        tune: any(
            isinstance(m, Bottleneck) for m in open_encoders(EncodersConfig(tune=tune)).text_branch(384).modules()
        )
        for tune in ("frozen", "adapters", "full")
    }
    assert found == {"frozen": False, "adapters": True, "full": False}


def test_rows_are_padded_to_the_longest():
    rows = [np.array([1, 2, 3]), np.array([4])]
    np.testing.assert_array_equal(pad(rows, -1), [[1, 2, 3], [4, -1, -1]])
