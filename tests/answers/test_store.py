from dataclasses import replace

import pytest

from triptych.answers.store import AnswerStore, Asked

QUESTION = Asked("llm", "rules-1", "a prompt", "")


def test_an_answer_is_found_again_by_another_process(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    assert store.get(QUESTION) is None
    store.put(QUESTION, "an answer", 0.1)
    store.close()
    assert AnswerStore(tmp_path / "a.sqlite").get(QUESTION) == "an answer"


@pytest.mark.parametrize(
    "change", [{"kind": "vlm"}, {"provider": "rules-2"}, {"prompt": "another prompt"}, {"image": "a picture"}]
)
def test_another_kind_provider_prompt_or_picture_is_another_question(tmp_path, change):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.put(QUESTION, "first", 0.1)
    assert store.get(replace(QUESTION, **change)) is None
    store.put(replace(QUESTION, **change), "second", 0.1)
    assert len(store) == 2


def test_the_first_answer_stays(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.put(QUESTION, "first", 0.1)
    store.put(QUESTION, "second", 0.1)
    assert store.get(QUESTION) == "first"
