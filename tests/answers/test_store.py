from dataclasses import replace

import pytest

from triptych.answers.provider import Reply
from triptych.answers.store import MIGRATIONS, AnswerStore, Request
from triptych.cache import connect, digest

QUESTION = Request("llm", "rules-1", "a prompt", "")


def test_an_answer_is_found_again_by_another_process(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    assert store.get(QUESTION) is None
    store.put(QUESTION, Reply("an answer"))
    store.close()
    assert AnswerStore(tmp_path / "a.sqlite").get(QUESTION).text == "an answer"


@pytest.mark.parametrize(
    "change",
    [{"kind": "vlm"}, {"provider": "rules-2"}, {"prompt": "another prompt"}, {"image": "a picture"}, {"way": "choose"}],
)
def test_another_kind_provider_prompt_picture_or_way_is_another_question(tmp_path, change):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.put(QUESTION, Reply("first"))
    assert store.get(replace(QUESTION, **change)) is None
    store.put(replace(QUESTION, **change), Reply("second"))
    assert len(store) == 2


def test_the_first_answer_stays(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.put(QUESTION, Reply("first"))
    store.put(QUESTION, Reply("second"))
    assert store.get(QUESTION).text == "first"


def test_a_failed_try_is_listed_and_counted_until_the_question_is_answered(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.fail(QUESTION, Reply(error="slow"))
    store.fail(QUESTION, Reply(error="down"))
    assert store.get(QUESTION) is None
    (entry,) = store.entries()
    assert (entry.request, entry.error, entry.tries) == (QUESTION, "down", 2)
    store.put(QUESTION, Reply("an answer", tokens_in=5, tokens_out=7))
    (entry,) = store.entries()
    assert (entry.text, entry.error, entry.tokens_in, entry.tokens_out) == ("an answer", "", 5, 7)


def test_entries_are_chosen_by_kind_and_provider_and_can_be_forgotten(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    other = replace(QUESTION, kind="vlm", provider="measured-1")
    store.put(QUESTION, Reply("one"))
    store.fail(other, Reply(error="down"))
    assert [entry.request for entry in store.entries(kind="vlm")] == [other]
    assert [entry.request for entry in store.entries(provider="rules")] == [QUESTION]
    store.delete(store.entries(kind="vlm"))
    assert [entry.request for entry in store.entries()] == [QUESTION]


def test_probabilities_and_cost_are_kept_with_the_answer(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    chosen = replace(QUESTION, way="choose")
    store.put(chosen, Reply("most likely a", probabilities={"a": 0.9, "b": 0.1}), cost=0.25)
    assert store.get(chosen).probabilities == {"a": 0.9, "b": 0.1}
    (entry,) = store.entries()
    assert (entry.request, entry.probabilities, entry.cost) == (chosen, {"a": 0.9, "b": 0.1}, 0.25)


def test_whether_a_try_failed_is_known_and_can_be_forgotten(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.fail(replace(QUESTION, way="choose"), Reply(error="down"))
    assert [store.failed(replace(QUESTION, way=way)) for way in ("choose", "generate")] == [True, False]
    store.forget_failure(replace(QUESTION, way="choose"))
    assert store.entries() == []


def test_a_store_of_the_first_schema_keeps_its_answers(tmp_path):
    connection = connect(tmp_path / "a.sqlite")
    connection.execute(MIGRATIONS[0])
    connection.execute(
        "INSERT INTO answer (key, kind, provider, prompt, image, text, seconds) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (digest("llm", "rules-1", "a prompt", ""), "llm", "rules-1", "a prompt", "", "kept", 0.1),
    )
    connection.close()
    for _ in range(2):
        store = AnswerStore(tmp_path / "a.sqlite")
        assert store.get(QUESTION).text == "kept"
        (entry,) = store.entries()
        assert (entry.request, entry.probabilities, entry.cost) == (QUESTION, None, None)


@pytest.mark.parametrize("known", [1, 8])
def test_a_store_that_an_older_version_opened_in_between_keeps_its_answers(tmp_path, known):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.put(QUESTION, Reply("kept"))
    store.close()
    connection = connect(tmp_path / "a.sqlite")
    connection.execute(f"PRAGMA user_version = {known}")  # the number of changes that the older version knows
    connection.close()
    assert AnswerStore(tmp_path / "a.sqlite").get(QUESTION).text == "kept"


def test_a_store_of_a_newer_version_keeps_the_number_of_its_changes(tmp_path):
    AnswerStore(tmp_path / "a.sqlite").close()
    connection = connect(tmp_path / "a.sqlite")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    AnswerStore(tmp_path / "a.sqlite").close()
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
