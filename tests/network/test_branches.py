import pytest
from PIL import Image

from triptych.cache import Cache
from triptych.config import EncodersConfig
from triptych.encoders.chosen import open_encoders
from triptych.network import branches
from triptych.network.adapters import ImageAdapter, VectorAdapter
from triptych.network.trained_encoders import Bottleneck, TunedImage, TunedText


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
    assert isinstance(branches.image_branch(encoders, 1280, 7), image_branch)
    assert isinstance(branches.text_branch(encoders, 384), text_branch)


def test_equation_2_has_a_text_encoder_for_each_text(tmp_path):
    encoders = open_encoders(EncodersConfig(tune="full"))
    vlm, llm = branches.text_branch(encoders, 384), branches.text_branch(encoders, 384)
    shared = {p.data_ptr() for p in vlm.parameters()} & {p.data_ptr() for p in llm.parameters()}
    assert not shared


def test_only_adapters_mode_puts_adapters_into_an_encoder():
    found = {
        tune: any(
            isinstance(m, Bottleneck)
            for m in branches.text_branch(open_encoders(EncodersConfig(tune=tune)), 384).modules()
        )
        for tune in ("frozen", "adapters", "full")
    }
    assert found == {"frozen": False, "adapters": True, "full": False}
