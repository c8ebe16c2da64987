import pytest

from triptych.errors import TriptychError
from triptych.hub import checked_source, model_identity, pretrained_folder


def test_a_folder_is_taken_as_it_is(tmp_path):
    assert pretrained_folder(str(tmp_path), "encoders.image") == tmp_path


def test_an_unavailable_model_is_named_with_the_cache_and_two_remedies(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(TriptychError) as raised:
        pretrained_folder("some-company/some-model", "answers.llm")
    message = str(raised.value)
    assert message.startswith("answers.llm: 'some-company/some-model' is not a folder here")
    assert str(tmp_path) in message
    assert "answers.llm=transformers:/path/to/model" in message
    assert "the embedded preset" in message


def test_a_models_identity_follows_its_files_and_not_where_they_lie(tmp_path):
    for name, weights in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
        (tmp_path / name / "model.safetensors").write_bytes(weights)
    a, b, c = (model_identity("x", tmp_path / name) for name in "abc")
    assert a == b != c


def test_an_empty_source_is_refused_with_an_example():
    assert checked_source("here", "answers.vlm", "a/b") == "here"
    with pytest.raises(TriptychError, match=r"answers\.vlm=transformers:a/b"):
        checked_source("", "answers.vlm", "a/b")
