"""What the classifier gets of the answers: text, probabilities, both, or nothing at all; and examples in the prompt."""

import json

import numpy as np
import pytest

from made_once import link_cache
from triptych import DefectClassifier
from triptych.answers.prompt_facts import state_facts
from triptych.answers.provider import Reply
from triptych.errors import TriptychError
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.records import Record, RecordSet


class Chooser:
    """A provider that gives a class half of the probability where its first sign is stated; `down` where it fails."""

    id, batch_size, ways = "chooser", 8, frozenset({"generate", "choose"})
    prompts: list[str] = []  # noqa: RUF012  (of all instances: the plug-in makes its own)
    down = False

    def answer(self, questions):
        self.prompts.extend(question.prompt for question in questions)
        for index, question in enumerate(questions):
            signs = {fact.sign for fact in question.facts}
            shares = {entry.name: 1.0 + len(signs & set(entry.signs)) for entry in question.book.classes}
            total = sum(shares.values())
            probabilities = {name: share / total for name, share in shares.items()}
            text = "" if self.down else f"chosen by {len(signs)} signs"
            yield index, Reply(text, "down" if self.down else "", probabilities=probabilities)


@pytest.fixture(autouse=True)
def _chooser(monkeypatch, own_answers):
    """`rules` choose, in a store of this test's own."""
    from triptych.answers import rules

    monkeypatch.setattr(rules, "Rules", Chooser)
    monkeypatch.setattr(Chooser, "prompts", [])


@pytest.fixture
def records():
    """Twenty-four records with small pictures and with readings, all different, that tell the two classes apart."""
    from PIL import Image

    rng = np.random.default_rng(0)
    made = []
    for i in range(24):
        shift = 4.0 * (i % 2)
        readings = {"mean_x": shift + 0.02 * i, "mean_y": 0.0, "sigma_x": 1.9, "sigma_y": 1.9}
        picture = Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8))
        made.append(Record(f"r{i:02}", picture, label=("normal", "type-2")[i % 2], readings=readings))
    return RecordSet(tuple(made))


CHOOSE = ("answers.vlm=none", "answers.llm_way=choose")


def test_training_goes_without_any_answer_and_nothing_is_degraded(quick, records, tmp_path):
    config = quick.changed("answers.vlm=none", "answers.llm=none", "encoders.readings=false")
    fitted = DefectClassifier(config).fit(records)
    assert np.isfinite(fitted.predict_proba(records)).all()
    found = fitted.assess(records[:3])
    assert [(item.answers.missing, item.degraded) for item in found] == [(("vlm", "llm"), ())] * 3
    fitted.save(tmp_path / "model")
    assert "no VLM is asked" in (tmp_path / "model" / "README.md").read_text()


@pytest.mark.parametrize(
    ("use", "numbers", "missing"), [("text", 0, ()), ("both", 2, ()), ("probabilities", 2, ("llm",))]
)
def test_the_classifier_gets_text_probabilities_or_both(quick, records, use, numbers, missing):
    config = quick.changed(*CHOOSE, f"answers.use={use}", "encoders.readings=false", "fusion.epochs=1")
    config = config.changed("experts=[panels]")
    fitted = DefectClassifier(config).fit(records)
    part = fitted.model_.ensemble.parts[0]
    assert [name for name in part.features.names if name.startswith("llm_p_")] == (
        ["llm_p_normal", "llm_p_type-2"][:numbers]
    )
    assert ("readings" in part.experts["panels"].network.branches) == bool(numbers)
    (item,) = Preparer(fitted.model_.config, fitted.model_.classes).prepare(records[:1])
    assert isinstance(item, Prepared)
    assert item.missing == ("vlm", *missing)


def test_probabilities_alone_tell_the_class_and_a_saved_model_says_the_same(quick, records, tmp_path):
    config = quick.changed(*CHOOSE, "answers.use=probabilities", "encoders.readings=false")
    fitted = DefectClassifier(config).fit(records)
    assert np.mean(fitted.predict(records) == [record.label for record in records]) > 0.9
    fitted.save(tmp_path / "model")
    loaded = DefectClassifier.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(records[:4]), fitted.predict_proba(records[:4]))


def test_probabilities_that_did_not_come_are_missing_numbers(quick, records, monkeypatch, tmp_path, own_answers):
    config = quick.changed(*CHOOSE, "answers.use=probabilities", "encoders.readings=false")
    fitted = DefectClassifier(config).fit(records)
    monkeypatch.setattr(Chooser, "down", True)
    monkeypatch.setenv("TRIPTYCH_CACHE", str(link_cache(tmp_path / "another", own_answers)))
    found = fitted.assess(records[:3])
    assert [item.degraded for item in found] == [("llm",)] * 3
    assert all(item.decision.label for item in found)


def test_use_without_a_way_that_gives_probabilities_is_refused(quick):
    with pytest.raises(TriptychError, match=r"use=both needs probabilities: set answers\.vlm_way or answers\.llm_way"):
        quick.changed("answers.use=both")


def test_examples_are_drawn_from_training_records_and_go_with_the_model(
    quick, records, tmp_path, monkeypatch, own_answers
):
    config = quick.changed("answers.vlm=none", "answers.shots=2", "fusion.epochs=1")
    training, test = records[:16], records[16:]
    fitted = DefectClassifier(config).fit(training)
    shots = fitted.model_.state.shots
    assert [shot.label for shot in shots] == ["normal"] * 3 + ["type-2"] * 3
    said = {state_facts(record.readings, Preparer(config, []).asker.book.limits)[0].sentence for record in test}
    assert not any(sentence in shot.facts for sentence in said for shot in shots)
    fitted.save(tmp_path / "model")
    asked = []
    for model in (fitted, DefectClassifier.load(tmp_path / "model")):
        monkeypatch.setenv("TRIPTYCH_CACHE", str(link_cache(tmp_path / f"cache-{len(asked)}", own_answers)))
        Chooser.prompts.clear()
        model.predict(test)
        asked.append(list(Chooser.prompts))
    assert asked[0] == asked[1]
    assert [prompt.count("Class: ") for prompt in asked[0]] == [4] * len(test)


def test_no_training_record_sees_its_own_label(quick, records):
    config = quick.changed("answers.vlm=none", "answers.shots=2", "fusion.epochs=1")
    DefectClassifier(config).fit(records)
    assert len(Chooser.prompts) == len(records)
    for prompt in Chooser.prompts:
        before, _, examples = prompt.partition("Records whose class is known")
        (own,) = [line for line in before.splitlines() if line.startswith("- The mean lies at")]
        assert examples.count("Class: ") == 4
        assert own not in examples


def test_a_model_saved_before_there_were_examples_still_loads(fitted, tmp_path):
    fitted.save(tmp_path / "model")
    path = tmp_path / "model" / "readings.json"
    kept = json.loads(path.read_text())
    del kept["shots"]
    path.write_text(json.dumps(kept))
    assert DefectClassifier.load(tmp_path / "model").model_.state.shots == ()
