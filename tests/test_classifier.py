import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from sklearn.base import clone

from triptych import DefectClassifier, Record, open_records
from triptych.answers.measured import Measured
from triptych.answers.provider import Reply
from triptych.errors import TriptychError
from triptych.features.readings import reading_features


def test_it_learns_from_pictures_alone(fitted, simulated):
    test = open_records(simulated).split("test")
    probabilities = fitted.predict_proba(test)
    assert probabilities.shape == (len(test), 5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    predicted = fitted.predict(test)
    np.testing.assert_array_equal(predicted, fitted.classes_[probabilities.argmax(axis=1)])
    hits = np.mean([label == record.label for label, record in zip(predicted, test, strict=True)])
    assert hits > 0.55  # half of the records are normal


def test_what_is_saved_predicts_the_same_elsewhere(fitted, simulated, tmp_path):
    test = open_records(simulated).split("test")[:4]
    fitted.save(tmp_path / "model")
    loaded = DefectClassifier.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(test), fitted.predict_proba(test))
    names = {path.name for path in (tmp_path / "model").iterdir()}
    data = {"weights.safetensors", "reference.safetensors", "labels.json", "experts.json", "readings.json"}
    assert names == {"config.yaml", "README.md", "metrics.json", *data}


def test_a_saved_model_knows_its_precedents(quick, tmp_path):
    words = [("good", "front"), ("worn", "front"), ("good", "back"), ("worn", "back")] * 5
    records = [
        Record(f"{i}", Image.new("RGB", (32, 32), (12 * i, 0, 0)), {"place": f"{place} {i // 4}"}, label)
        for i, (label, place) in enumerate(words)
    ]
    fitted = DefectClassifier(quick.changed("fusion.epochs=3", "warm_up.epochs=2")).fit(records)
    part = fitted.model_.ensemble.parts[0]
    assert {"precedents ∋ good", "precedents ∋ worn"} < set(part.features.names)
    assert part.experts["panels"].network.wide.in_features == part.features.words
    fitted.save(tmp_path / "model")
    loaded = DefectClassifier.load(tmp_path / "model")
    precedents = loaded.model_.ensemble.parts[0].features.precedents
    assert precedents.features(_item(records[0])) == part.features.precedents.features(_item(records[0])) != {}
    np.testing.assert_array_equal(loaded.predict_proba(records), fitted.predict_proba(records))


def _item(record):
    return SimpleNamespace(record=record, numbers=reading_features(record.readings))


def test_the_model_card_says_what_is_no_language_model(fitted, tmp_path):
    fitted.save(tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text()
    assert "not a vision-language model" in card
    assert "not a language model" in card


def test_a_broken_record_is_assessed_as_review_and_the_others_go_on(fitted, simulated, tmp_path):
    (tmp_path / "bad.png").write_text("no picture")
    good = open_records(simulated).split("test")[0]
    bad = Record("bad.png", tmp_path / "bad.png")
    first, second, third = fitted.assess([good, bad, good])
    assert (second.decision.label, second.decision.verdict) == (None, "review")
    assert "bad.png: is not a picture" in second.error
    assert first.decision == third.decision
    assert fitted.predict([good, bad])[1] is None
    assert np.isnan(fitted.predict_proba([bad])).all()


def test_a_provider_that_is_down_stops_nothing_and_the_result_says_so(fitted, simulated, monkeypatch, own_answers):
    def down(*_):
        raise ConnectionError("the line is cut")

    records = open_records(simulated).split("test")[:3]
    with monkeypatch.context() as patch:
        patch.setattr("triptych.answers.rules.Rules.answer", down)
        found = fitted.assess(records)
    assert [item.degraded for item in found] == [("llm",)] * 3
    assert all(item.decision.label and not item.error for item in found)
    assert [item.degraded for item in fitted.assess(records)] == [()] * 3


def test_what_is_said_of_a_record_does_not_depend_on_those_before_it(fitted, simulated):
    test = open_records(simulated).split("test")
    alone = fitted.assess([test[5]])[0].decision
    after_others = fitted.assess(test[:6])[5].decision
    assert alone == after_others


def test_training_lists_what_it_could_not_use(simulated, quick, tmp_path):
    train = list(open_records(simulated).split("train"))
    (tmp_path / "half.png").write_bytes(train[0].image.read_bytes()[:500])
    half = Record("half.png", tmp_path / "half.png", label="normal")
    classifier = DefectClassifier(quick.model_copy(update={"fusion": quick.fusion.model_copy(update={"epochs": 0})}))
    classifier.fit([*train, half])
    assert [failure.id for failure in classifier.failures_] == ["half.png"]
    assert classifier.model_.metrics["records"] == len(train)


def test_pictures_in_memory_with_readings_and_labels_of_their_own(quick):
    rng = np.random.default_rng(0)
    records = [
        Record(
            f"r{i}",
            Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)),
            readings={"yield": float(i % 2)},
        )
        for i in range(12)
    ]
    classifier = DefectClassifier(quick).fit(records, ["bad" if i % 2 else "ok" for i in range(12)])
    assert classifier.model_.normal == "ok"
    assert classifier.predict(records[:2]).tolist() == ["ok", "bad"]


def test_it_is_a_scikit_learn_estimator(quick):
    classifier = DefectClassifier(quick, seed=3)
    assert clone(classifier).get_params() == classifier.get_params()
    with pytest.raises(Exception, match="not fitted"):
        classifier.predict([])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a", "a", "a", "a"], r"only the class 'a'; at least two classes are needed"),
        (["a", "a", "a", "b"], r"class 'b' has 1 usable training record"),
    ],
)
def test_too_few_classes_or_records_are_refused(quick, labels, message):
    records = [Record(str(i), Image.effect_noise((32, 32), 50).convert("RGB")) for i in range(4)]
    with pytest.raises(TriptychError, match=message):
        DefectClassifier(quick).fit(records, labels)


def test_labels_must_match_records(quick):
    with pytest.raises(TriptychError, match="1 records but 2 labels"):
        DefectClassifier(quick).fit([Record("a", Image.new("RGB", (20, 20)))], ["a", "b"])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: shutil.rmtree(folder), r"no trained model there"),
        (lambda folder: (folder / "labels.json").write_text("{"), r"the model is damaged"),
        (lambda folder: (folder / "weights.safetensors").write_bytes(b"x" * 64), r"the model is damaged"),
        (lambda folder: (folder / "config.yaml").write_text("fusions: {}"), r"fusions: there is no such key"),
        (lambda folder: (folder / "readings.json").write_text(json.dumps({"features": []})), r"the model is damaged"),
    ],
    ids=["missing", "labels", "weights", "config", "readings"],
)
def test_a_damaged_model_is_named_with_a_way_out(fitted, tmp_path, damage, message):
    fitted.save(tmp_path / "model")
    damage(tmp_path / "model")
    with pytest.raises(TriptychError, match=message):
        DefectClassifier.load(tmp_path / "model")


def test_what_was_asked_before_does_not_change_a_prediction(fitted, simulated, monkeypatch, tmp_path):
    """A record with readings and one without, of the same pictures, measure their plots differently."""
    monkeypatch.setattr(
        Measured, "answer", lambda _, asked: enumerate(Reply(f"{q.plot.count:.6f} dots") for q in asked)
    )
    plain = open_records(simulated).split("test")[:2]
    told = [replace(record, readings={"lot": "A"}) for record in plain]
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "fresh"))
    expected = fitted.assess(told)
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "used"))
    fitted.assess(plain)
    found = fitted.assess(told)
    assert [item.answers for item in found] == [item.answers for item in expected]
    assert [item.decision for item in found] == [item.decision for item in expected]
