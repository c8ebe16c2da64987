import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

import tiny
from triptych.encoders.pretrained import TransformersImage, TransformersText
from triptych.encoders.text import PADDING
from triptych.errors import TriptychError


@pytest.fixture(scope="module")
def image_encoder(checkpoints):
    return TransformersImage(str(checkpoints["image"]))


@pytest.fixture(scope="module")
def text_encoder(checkpoints):
    return TransformersText(str(checkpoints["text"]))


def _picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (90, 90, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_a_picture_is_encoded_as_the_backbone_and_its_own_processor_do(image_encoder, checkpoints):
    features = image_encoder.encode(_picture())
    assert features.shape == (image_encoder.channels, image_encoder.grid, image_encoder.grid)
    inputs = AutoImageProcessor.from_pretrained(checkpoints["image"], backend="pil")(_picture(), return_tensors="pt")
    with torch.inference_mode():
        expected = AutoModel.from_pretrained(checkpoints["image"]).eval()(**inputs).last_hidden_state[0]
    # pixels are kept in whole numbers before they are normalised
    np.testing.assert_allclose(features, expected.numpy(), atol=0.02 * float(expected.abs().max()))


def test_a_text_is_the_mean_of_its_tokens_features(text_encoder, checkpoints):
    text = "the dots are shifted to the right"
    inputs = AutoTokenizer.from_pretrained(checkpoints["text"])(text, return_tensors="pt")
    with torch.inference_mode():
        expected = AutoModel.from_pretrained(checkpoints["text"]).eval()(**inputs).last_hidden_state[0].mean(dim=0)
    np.testing.assert_allclose(text_encoder.encode(text), expected.numpy(), atol=2e-3)
    assert text_encoder.channels == len(expected)


def test_padding_does_not_change_a_text(text_encoder):
    tokens = torch.from_numpy(text_encoder.tokens("the dots"))
    padded = torch.cat([tokens, torch.full((7,), PADDING, dtype=tokens.dtype)])
    network = text_encoder.module().eval()
    with torch.inference_mode():
        torch.testing.assert_close(network(padded[None]), network(tokens[None]), atol=1e-5, rtol=1e-5)


def test_a_text_longer_than_the_context_is_cut(text_encoder):
    assert len(text_encoder.tokens("shifted " * 2000)) == text_encoder.context


def test_every_copy_of_the_network_is_its_own(text_encoder):
    first, second = text_encoder.module(), text_encoder.module()
    with torch.no_grad():
        next(first.parameters()).add_(1)
    assert not torch.equal(next(first.parameters()), next(second.parameters()))


def test_other_weights_are_another_encoder(tmp_path):
    one, two = (TransformersText(str(tiny.bert(tmp_path / name, seed))) for name, seed in (("one", 1), ("two", 2)))
    assert one.id.rpartition("-")[2] != two.id.rpartition("-")[2]


@pytest.mark.parametrize(
    ("encoder", "example"), [(TransformersImage, "microsoft/resnet-50"), (TransformersText, "bert-base-uncased")]
)
def test_an_encoder_without_a_model_says_how_to_name_one(encoder, example):
    with pytest.raises(TriptychError, match=rf"which model\? .*{example}"):
        encoder()


def test_a_model_of_another_kind_is_refused(checkpoints, tmp_path):
    with pytest.raises(TriptychError, match=r"encoders\.image: .* cannot be used"):
        TransformersImage(str(checkpoints["text"])).encode(_picture())
    (tmp_path / "config.json").write_text('{"model_type": "bert", "hidden_size": 32}')
    with pytest.raises(TriptychError, match=r"encoders\.text: .* with safetensors weights is needed"):
        TransformersText(str(tmp_path)).module()
