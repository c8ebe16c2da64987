"""Both answers about a record, in the paper's order: the description first, then the reasoning (equation 1)."""

from dataclasses import dataclass

from PIL import Image

from triptych.answers.book import DefectBook
from triptych.answers.facts import state_facts
from triptych.answers.prompts import Prompts
from triptych.answers.provider import Provider, Question
from triptych.answers.store import AnswerStore
from triptych.cache import digest
from triptych.reading import PlotMeasures
from triptych.records import Readings


@dataclass(frozen=True)
class Answers:
    """What VLM and LLM say about one record."""

    description: str
    reasoning: str


@dataclass(frozen=True)
class Asker:
    """Asks the two providers about records, through the store."""

    vlm: Provider
    llm: Provider
    prompts: Prompts
    book: DefectBook
    store: AnswerStore

    def ask(self, image: Image.Image, readings: Readings, plot: PlotMeasures | None) -> Answers:
        """The answers about a picture, its checked readings and its digitised plot (a function of the picture)."""
        shown = digest(repr(image.size), image.tobytes())
        question = Question(self.prompts.vlm, image=image, plot=plot)
        description = self._answer("vlm", self.vlm, question, shown)
        facts = state_facts(readings, self.book.limits)
        said = "\n".join(f"- {fact.sentence}" for fact in facts) or "- nothing"
        prompt = self.prompts.reasoning(description=description, facts=said, book=self.book.text())
        reasoning = self._answer("llm", self.llm, Question(prompt, facts=facts, book=self.book), "")
        return Answers(description, reasoning)

    def _answer(self, kind: str, provider: Provider, question: Question, image: str) -> str:
        return self.store.answer(kind, provider.id, question.prompt, image, lambda: provider.answer(question))
