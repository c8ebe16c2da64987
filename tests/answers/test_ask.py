from dataclasses import replace

import pytest
from PIL import Image

from triptych.answers.ask import Asker, Subject
from triptych.answers.book import load_book
from triptych.answers.prompts import load_prompts
from triptych.answers.store import AnswerStore
from triptych.errors import TriptychError


class Echo:
    """Answers with the prompt it was given."""

    def __init__(self, identity, batch_size=2) -> None:
        self.id, self.batch_size, self.batches = identity, batch_size, []

    def answer(self, questions):
        self.batches.append(questions)
        return [f"{self.id} heard: {question.prompt}" for question in questions]


@pytest.fixture
def asker(tmp_path):
    return Asker(Echo("vlm"), Echo("llm"), load_prompts(), load_book(), AnswerStore(tmp_path / "a.sqlite"))


def _subject(shade=0, **readings):
    return Subject(Image.new("RGB", (20, 20), (shade, 0, 0)), readings, None)


def test_the_vlm_is_asked_the_papers_question_about_the_picture(asker):
    subject = _subject()
    asker.ask([subject])
    ((question,),) = asker.vlm.batches
    assert question.prompt == "Please comprehensively describe the distribution and shape of the image."
    assert question.image is subject.image


def test_the_llms_question_carries_description_facts_and_book(asker):
    (answers,) = asker.ask([_subject(mean_x=3.0, mean_y=0.0)])
    for part in ("vlm heard: Please", "- The mean lies at (+3.00, +0.00) um, shifted to the right", "- type-4: "):
        assert part in answers.reasoning


def test_each_is_asked_once_per_record_whatever_is_repeated(asker):
    for _ in range(2):
        asker.ask([_subject(total=5.0), _subject(total=5.0)])
    asker.ask([_subject(total=6.0)])
    assert [len(batch) for batch in asker.vlm.batches] == [1]
    assert [len(batch) for batch in asker.llm.batches] == [1, 1]


def test_questions_go_out_in_batches_and_answers_come_back_in_order(asker):
    alone = [asker.ask([_subject(shade, total=float(shade))])[0] for shade in (3, 1)]
    together = asker.ask([_subject(shade, total=float(shade)) for shade in (1, 2, 3, 4, 5)])
    assert [together[2], together[0]] == alone
    assert [len(batch) for batch in asker.vlm.batches] == [1, 1, 2, 1]
    assert "5 holes" in together[4].reasoning


def test_what_was_answered_before_a_failure_is_kept(asker):
    class Down(Echo):
        def answer(self, questions):
            if self.batches:
                raise ConnectionError
            return super().answer(questions)

    subjects = [_subject(shade) for shade in range(3)]
    with pytest.raises(ConnectionError):
        replace(asker, vlm=Down("vlm")).ask(subjects)
    asker.ask(subjects)
    assert [len(batch) for batch in asker.vlm.batches] == [1]


def test_a_prompt_with_an_unknown_placeholder_is_refused(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "prompts.yaml").write_text("vlm: Describe.\nllm: 'Think of {facts} and {weather}'\n")
    monkeypatch.setattr("triptych.answers.prompts.files", lambda package: tmp_path)
    with pytest.raises(TriptychError, match=r"unknown placeholder weather; allowed are book, description, facts"):
        load_prompts()
