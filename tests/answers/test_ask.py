import pytest
from PIL import Image

from triptych.answers.ask import Asker
from triptych.answers.book import load_book
from triptych.answers.prompts import load_prompts
from triptych.answers.store import AnswerStore
from triptych.errors import TriptychError


class Echo:
    """Answers with the prompt it was given."""

    def __init__(self, identity) -> None:
        self.id, self.seen = identity, []

    def answer(self, question):
        self.seen.append(question)
        return f"{self.id} heard: {question.prompt}"


@pytest.fixture
def asker(tmp_path):
    return Asker(Echo("vlm"), Echo("llm"), load_prompts(), load_book(), AnswerStore(tmp_path / "a.sqlite"))


def test_the_vlm_is_asked_the_papers_question_about_the_picture(asker):
    picture = Image.new("RGB", (20, 20))
    asker.ask(picture, {}, None)
    (question,) = asker.vlm.seen
    assert question.prompt == "Please comprehensively describe the distribution and shape of the image."
    assert question.image is picture


def test_the_llms_question_carries_description_facts_and_book(asker):
    answers = asker.ask(Image.new("RGB", (20, 20)), {"mean_x": 3.0, "mean_y": 0.0}, None)
    for part in ("vlm heard: Please", "- The mean lies at (+3.00, +0.00) um, shifted to the right", "- type-4: "):
        assert part in answers.reasoning


def test_each_is_asked_once_per_record_whatever_is_repeated(asker):
    for _ in range(2):
        asker.ask(Image.new("RGB", (20, 20)), {"total": 5.0}, None)
    asker.ask(Image.new("RGB", (20, 20)), {"total": 6.0}, None)
    assert (len(asker.vlm.seen), len(asker.llm.seen)) == (1, 2)


def test_a_prompt_with_an_unknown_placeholder_is_refused(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "prompts.yaml").write_text("vlm: Describe.\nllm: 'Think of {facts} and {weather}'\n")
    monkeypatch.setattr("triptych.answers.prompts.files", lambda package: tmp_path)
    with pytest.raises(TriptychError, match=r"unknown placeholder weather; allowed are book, description, facts"):
        load_prompts()
