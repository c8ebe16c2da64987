import pytest

from triptych.answers.store import AnswerStore


def test_the_same_question_is_never_asked_twice(tmp_path):
    asked = []

    def ask() -> str:
        asked.append(1)
        return "an answer"

    for _ in range(2):  # the second time as another process would
        store = AnswerStore(tmp_path / "a.sqlite")
        assert store.answer("llm", "rules-1", "a prompt", "", ask) == "an answer"
        store.close()
    assert len(asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        ("vlm", "rules-1", "a prompt", ""),
        ("llm", "rules-2", "a prompt", ""),
        ("llm", "rules-1", "another prompt", ""),
        ("llm", "rules-1", "a prompt", "a picture"),
    ],
)
def test_another_kind_provider_prompt_or_picture_is_another_question(tmp_path, other):
    store = AnswerStore(tmp_path / "a.sqlite")
    store.answer("llm", "rules-1", "a prompt", "", lambda: "first")
    assert store.answer(*other, lambda: "second") == "second"
    assert len(store) == 2


def test_a_failed_try_leaves_nothing_behind(tmp_path):
    store = AnswerStore(tmp_path / "a.sqlite")

    def fail() -> str:
        raise ConnectionError("down")

    with pytest.raises(ConnectionError):
        store.answer("llm", "m", "p", "", fail)
    assert store.answer("llm", "m", "p", "", lambda: "up again") == "up again"
