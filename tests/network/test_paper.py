"""The whole `paper` preset, from OCR to metrics, on tiny checkpoints of the paper's models.

Only OCR differs: CnOCR needs an extra, and stands in a test of its own.
"""

import json

import numpy as np
import pytest

from triptych import DefectClassifier, load_config, open_records
from triptych.answers import generate
from triptych.errors import TriptychError
from triptych.evaluation.evaluate import evaluate

QUICK = (
    "reading.ocr=rapidocr",
    "encoders.dim=32",
    "fusion.reduced=8",
    "warm_up.epochs=1",
    "alignment.stages=[0.5, 1.0]",
    "alignment.epochs=1",
    "fusion.epochs=2",
)


@pytest.fixture
def models(checkpoints):
    """Settings that name a folder for each of the four models."""
    sections = {"vlm": "answers", "llm": "answers", "image": "encoders", "text": "encoders"}
    return tuple(f"{section}.{kind}=transformers:{checkpoints[kind]}" for kind, section in sections.items())


@pytest.fixture(autouse=True)
def _short_answers(monkeypatch):
    monkeypatch.setattr(generate, "NEW_TOKENS", 12)


@pytest.fixture(scope="module")
def records(simulated):
    return open_records(simulated)


@pytest.mark.parametrize("tune", ["full", "adapters", "frozen"])
def test_the_whole_preset_runs_from_pictures_to_metrics(records, models, tmp_path, tune):
    config = load_config(None, (*QUICK, *models, f"encoders.tune={tune}"), preset="paper")
    classifier = DefectClassifier(config).fit(records.split("train"))
    result = evaluate(classifier, records.split("test"))
    assert result.scores.n == len(records.split("test"))
    assert classifier.model_.metrics["drawn"] == len(records.split("train"))  # TDA doubles the training set
    classifier.save(tmp_path / "model")
    again = DefectClassifier.load(tmp_path / "model").predict_proba(records.split("test"))
    np.testing.assert_allclose(again, classifier.predict_proba(records.split("test")), atol=1e-5)
    assert json.loads((tmp_path / "model" / "metrics.json").read_text())["records"] == len(records.split("train"))


def test_a_hub_id_without_network_is_named_with_the_cache_and_two_ways_out(records, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    config = load_config(None, ("reading.ocr=rapidocr",), preset="paper")
    with pytest.raises(TriptychError) as raised:
        DefectClassifier(config).fit(records.split("train"))
    message = str(raised.value)
    for part in (
        "Salesforce/instructblip-vicuna-7b",
        "is not in the cache /",
        "=transformers:/path",
        "embedded preset",
    ):
        assert part in message
