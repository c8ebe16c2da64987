"""The timm peers on a small model with random weights; they need the extra `peers`, which `make` does not install."""

import json
from importlib.util import find_spec

import pytest
from PIL import Image

from triptych.errors import TriptychError
from triptych.evaluation.peers import PEERS
from triptych.evaluation.peers.timm_models import TimmEncoder
from triptych.progress import silent

needs_timm = pytest.mark.skipif(not find_spec("timm"), reason="needs the extra `peers`")


@needs_timm
def test_a_model_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(TriptychError, match=r"'timm/deit_base_patch16_224.fb_in1k' is not a folder here"):
        PEERS["deit-b"].build().fit([Image.new("RGB", (8, 8))], ["a"], 0, silent)


@needs_timm
@pytest.mark.parametrize("architecture", ["deit_tiny_patch16_224", "crossvit_tiny_240", "tf_efficientnet_b0"])
def test_models_of_the_papers_families_are_loaded_from_a_folder(tmp_path, architecture):
    from safetensors.torch import save_file

    from triptych.torchvision_ops import complete_torchvision

    complete_torchvision()
    import timm

    model = timm.create_model(architecture, pretrained=False)
    save_file(model.state_dict(), tmp_path / "model.safetensors")
    settings = {"architecture": architecture, "num_classes": 1000, "pretrained_cfg": model.pretrained_cfg}
    (tmp_path / "config.json").write_text(json.dumps(settings, default=str))
    encoder = TimmEncoder(str(tmp_path))
    red, blue = (encoder.encode(Image.new("RGB", (90, 70), colour)) for colour in ("red", "blue"))
    assert red.shape == (encoder.channels, 1, 1)
    assert abs(red - blue).max() > 0
