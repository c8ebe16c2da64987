import warnings

import pytest

from triptych.answers.best_effort_store import BestEffortStore, open_store
from triptych.answers.provider import Reply
from triptych.answers.store import AnswerStore, Request
from triptych.config import AnswersConfig
from triptych.database import StoreError
from triptych.errors import TriptychWarning

QUESTION = Request("llm", "rules", "a question", "")


@pytest.fixture
def no_folder(tmp_path, monkeypatch):
    """A cache folder that cannot be created."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "file" / "cache"))


def test_free_answers_go_on_without_a_store_with_one_warning(no_folder):
    with warnings.catch_warnings(record=True) as warned:
        store = open_store(AnswersConfig())
        store.put(QUESTION, Reply("an answer"))
        store.fail(QUESTION, Reply(error="none"))
        assert (store.get(QUESTION), store.failed(QUESTION)) == (None, False)
        store.close()
    assert [warning.category for warning in warned] == [TriptychWarning]


def test_a_store_for_other_answers_must_be_there(no_folder):
    with pytest.raises(StoreError, match="set TRIPTYCH_CACHE to a folder you can write"):
        open_store(AnswersConfig(llm="openai:some-model"))


def test_an_answer_that_cannot_be_stored_is_an_error_and_earlier_ones_stay(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.put(QUESTION, Reply("kept"))
    store._connection.execute("PRAGMA max_page_count=20")
    other = Request("llm", "openai:m", "another question", "")
    with pytest.raises(StoreError, match=r"disk is full.*The answer that openai:m has just given is not kept"):
        store.put(other, Reply("x" * 200_000))
    assert store.get(QUESTION).text == "kept"
    assert store.get(other) is None


def test_a_disk_that_fills_up_stops_no_free_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path))
    store = BestEffortStore()
    store._connection.execute("PRAGMA max_page_count=20")
    with pytest.warns(TriptychWarning, match=r"disk is full.*Going on without an answer store"):
        store.put(QUESTION, Reply("x" * 200_000))
    store.put(QUESTION, Reply("x"))
    assert store.get(QUESTION) is None
