import json
from dataclasses import replace

import pytest
from PIL import Image

from triptych.answers.ask import Asker, Subject
from triptych.answers.defect_book import load_book
from triptych.answers.no_answer import NoAnswer
from triptych.answers.prompts import load_prompts
from triptych.answers.provider import Question, Reply
from triptych.answers.rules import Rules
from triptych.answers.store import AnswerStore
from triptych.answers.ways import check_way, validated
from triptych.config import AnswersConfig
from triptych.errors import TriptychError

BOOK = load_book()
FINDING = {"pattern": "wide", "direction": "none", "severity": "slight", "verdict": "type-4", "reason": "Wide."}


class Able:
    """Answers in every way, and counts questions."""

    id, batch_size, ways = "able", 4, frozenset({"generate", "choose", "structured"})

    def __init__(self) -> None:
        self.questions = []

    def answer(self, questions):
        self.questions += questions
        for index, question in enumerate(questions):
            if question.way == "choose":
                shares = {name: 0.2 for name in question.options}
                yield index, Reply("all alike", probabilities=shares, tokens_in=1000, tokens_out=1)
            else:
                text = json.dumps(FINDING) if question.way == "structured" else "words"
                yield index, Reply(text, tokens_in=1000, tokens_out=500)


def _asker(path, vlm=None, llm=None, **settings):
    store = AnswerStore(path / "a.sqlite")
    return Asker(vlm or Able(), llm or Able(), load_prompts(), BOOK, store, AnswersConfig(**settings))


def _subject(total=5.0):
    return Subject(Image.new("RGB", (20, 20)), {"total": total}, None)


def test_the_prompt_for_a_choice_lists_the_classes_under_letters(tmp_path):
    asker = _asker(tmp_path, vlm_way="choose", llm_way="choose")
    asker.ask([_subject()])
    for provider in (asker.vlm, asker.llm):
        (question,) = provider.questions
        assert question.options == BOOK.names
        assert "A. normal\nB. type-1" in question.prompt
        assert "- type-4: The distribution is totally divergent" in question.prompt
    assert asker.vlm.questions[0].prompt.startswith("Please comprehensively describe")


def test_the_papers_question_names_no_class_to_the_vlm(tmp_path):
    asker = _asker(tmp_path)
    asker.ask([_subject()])
    (question,) = asker.vlm.questions
    assert (question.options, "type" in question.prompt) == ((), False)


def test_probabilities_are_kept_and_named_by_branch_and_class(tmp_path):
    for _ in range(2):
        asker = _asker(tmp_path, llm_way="choose")
        (answers,) = asker.ask([_subject()])
        assert answers.numbers == {f"llm_p_{name}": 0.2 for name in BOOK.names}
        assert answers.reasoning == "all alike"
    assert asker.llm.questions == []


def test_a_structured_answer_is_stored_unchanged_and_read_as_sentences(tmp_path):
    for _ in range(2):
        asker = _asker(tmp_path, llm_way="structured")
        (answers,) = asker.ask([_subject()])
        assert answers.reasoning == "The pattern is wide, a slight deviation. The verdict is type-4. Wide."
    (entry,) = asker.store.entries(kind="llm")
    assert json.loads(entry.text) == FINDING


def test_each_way_is_another_question(tmp_path):
    for way in ("generate", "choose", "structured"):
        _asker(tmp_path, llm_way=way).ask([_subject()])
    entries = AnswerStore(tmp_path / "a.sqlite").entries(kind="llm")
    assert {entry.request.way for entry in entries} == {"generate", "choose", "structured"}
    one, other = replace(entries[0].request, way="generate"), replace(entries[0].request, way="choose")
    assert one.key != other.key


@pytest.mark.parametrize(
    ("way", "reply", "problem"),
    [
        ("generate", Reply("  "), "an empty answer"),
        ("choose", Reply("A"), "no probabilities of the classes"),
        ("choose", Reply("A", probabilities={"normal": 1.0}), "no probabilities of the classes"),
        ("structured", Reply('{"pattern": "wi'), "not an answer: does not fit the schema"),
        ("structured", Reply(json.dumps(FINDING | {"verdict": "type-9"})), "'type-9' is none of"),
    ],
)
def test_a_reply_that_is_not_an_answer_in_the_requested_way_is_a_failure(way, reply, problem):
    found = validated(Question("?", way, ("normal", "type-4")), reply)
    assert problem in found.error
    assert (found.text, found.probabilities) == ("", None)


def test_a_way_that_a_provider_lacks_is_refused_before_anything_is_asked(tmp_path):
    with pytest.raises(
        TriptychError, match=r"llm_way=choose: rules-1 does not .* these do: gguf, openai, transformers\."
    ):
        _asker(tmp_path, llm=Rules(), llm_way="choose")
    with pytest.raises(TriptychError, match=r"llm_way=structured: rules-1 does not .* these do: gguf, openai\."):
        _asker(tmp_path, llm=Rules(), llm_way="structured")


@pytest.mark.parametrize(
    ("way", "count", "message"),
    [("choose", 1, "needs two classes; found 1"), ("choose", 21, "at most 20 classes are supported; found 21")],
)
def test_a_choice_among_too_few_or_too_many_classes_is_refused(way, count, message):
    book = BOOK.for_classes([f"class-{i}" for i in range(count)])
    with pytest.raises(TriptychError, match=message):
        check_way("llm", Able(), way, book)


def test_the_provider_none_is_not_asked_and_does_not_fail(tmp_path):
    asker = _asker(tmp_path, vlm=NoAnswer(), llm=NoAnswer(), llm_way="choose")
    (answers,) = asker.ask([_subject()])
    assert (answers.missing, answers.failed, answers.numbers) == (("vlm", "llm"), (), {})
    assert asker.store.entries() == []


def test_the_cost_follows_from_tokens_and_price(tmp_path):
    asker = _asker(tmp_path, llm_price=(2.0, 10.0))
    asker.ask([_subject()])
    costs = {entry.request.kind: entry.cost for entry in asker.store.entries()}
    assert costs == {"vlm": None, "llm": pytest.approx(0.007)}  # (1000 * 2 + 500 * 10) / a million


class Flaky(Able):
    """Fails while it is `down`."""

    down = True

    def answer(self, questions):
        if self.down:
            self.questions += questions
            return ((index, Reply(error="down")) for index in range(len(questions)))
        return super().answer(questions)


def test_retry_asks_only_failed_questions_again(tmp_path):
    llm = Flaky()
    asker = _asker(tmp_path, llm=llm)
    asker.ask([_subject(1.0), _subject(2.0)])
    llm.down = False
    asker.ask([_subject(1.0)])
    llm.questions.clear()
    found = asker.retry([_subject(total) for total in (1.0, 2.0, 3.0)])
    assert [answers and answers.missing for answers in found] == [None, (), None]
    assert len(llm.questions) == 1
    assert "2 holes" in llm.questions[0].prompt
    assert not [entry for entry in asker.store.entries() if entry.error]


def test_a_retried_description_brings_its_reasoning_and_leaves_no_old_failure(tmp_path):
    vlm, llm = Flaky(), Flaky()
    asker = _asker(tmp_path, vlm=vlm, llm=llm)
    asker.ask([_subject()])
    assert len([entry for entry in asker.store.entries() if entry.error]) == 2
    vlm.down = llm.down = False
    (answers,) = asker.retry([_subject()])
    assert answers.missing == ()
    assert "described so:\nwords" in llm.questions[-1].prompt
    assert not [entry for entry in asker.store.entries() if entry.error]


def test_retry_of_one_that_is_still_down_keeps_the_failure(tmp_path):
    asker = _asker(tmp_path, llm=Flaky())
    asker.ask([_subject()])
    (answers,) = asker.retry([_subject()])
    assert answers.failed == ("llm",)
    (entry,) = [entry for entry in asker.store.entries() if entry.error]
    assert entry.tries == 2
