import json
import shutil

import pytest

from triptych import open_records
from triptych.answers.defect_book import load_book
from triptych.answers.prompt_facts import state_facts
from triptych.answers.provider import Question
from triptych.errors import TriptychError
from triptych.plugins import build
from triptych.simulate import CLASSES
from triptych.tuning import local
from triptych.tuning.adapter import FACTS, FILES, LORA, identity

BOOK = load_book().for_classes(sorted(CLASSES))
FACTS_SAID = state_facts({"mean_x": 5.0, "mean_y": 0.0, "sigma_x": 2.0, "sigma_y": 2.0}, BOOK.limits)


@pytest.fixture(autouse=True)
def _short_answers(monkeypatch):
    monkeypatch.setattr(local, "NEW_TOKENS", 12)


def test_a_tuned_model_is_a_folder_of_safetensors_with_a_card(tuned):
    vlm, llm = tuned.folders
    assert {path.name for path in vlm.iterdir()} == set(FILES)
    assert {path.name for path in llm.iterdir()} == set(FILES) - {"sight.safetensors"}
    assert "no label was used" in (vlm / "README.md").read_text()
    assert json.loads((llm / FACTS).read_text())["records"] > 0
    assert (vlm / LORA).stat().st_size < 20e6


def test_the_llm_answers_in_words(tuned):
    provider = build("llm", f"local:{tuned.folders[1]}")
    replies = dict(provider.answer([Question("Why?", facts=FACTS_SAID, book=BOOK)] * 2))
    assert replies[0].text
    assert replies[0].text == replies[1].text
    assert replies[0].tokens_in > 20


def test_the_vlm_sees_the_picture_and_nothing_else(tuned, simulated):
    provider = build("vlm", f"local:{tuned.folders[0]}")
    images = [record.load_image() for record in open_records(simulated)][:8]
    questions = [Question("Describe.", image=image) for image in images]
    vectors = [prefix.float() for prefix in provider._prefixes(questions)]
    # Two pictures may have the same likeliest phrases; not all have.
    assert max((vectors[0] - other).abs().max() for other in vectors[1:]) > 0.01
    assert dict(provider.answer(questions[:2]))[0].text


def test_other_weights_are_another_provider(tuned, tmp_path):
    copy = shutil.copytree(tuned.folders[1], tmp_path / "copy")
    before = identity(copy)
    assert before == identity(tuned.folders[1])
    (copy / LORA).write_bytes((copy / LORA).read_bytes()[:-1] + b"x")
    assert identity(copy) != before


def test_an_llm_tuned_for_another_book_is_refused(tuned):
    provider = build("llm", f"local:{tuned.folders[1]}")
    with pytest.raises(TriptychError, match="another defect book"):
        list(provider.answer([Question("Why?", facts=FACTS_SAID, book=load_book().for_classes(["scratch"]))]))


@pytest.mark.parametrize("kind", ["vlm", "llm"])
def test_a_model_that_is_not_there_names_the_command(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("TRIPTYCH_ADAPTERS", str(tmp_path))
    with pytest.raises(TriptychError, match=f"triptych tune --only {kind}"):
        build(kind, f"local:{kind}")


def test_a_model_of_the_other_kind_is_refused(tuned):
    with pytest.raises(TriptychError, match="a vlm is needed"):
        build("vlm", f"local:{tuned.folders[1]}")


def test_a_model_on_other_base_weights_is_refused(tuned, tmp_path):
    copy = shutil.copytree(tuned.folders[1], tmp_path / "copy")
    facts = json.loads((copy / FACTS).read_text())
    (copy / FACTS).write_text(json.dumps(facts | {"base": "other"}))
    with pytest.raises(TriptychError, match="other SmolLM2 weights"):
        build("llm", f"local:{copy}")


def test_records_are_tuned_on_too(tuned):
    assert not tuned.failures
    assert all(json.loads((folder / FACTS).read_text())["records"] > 0 for folder in tuned.folders)
