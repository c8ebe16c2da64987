"""Both answers about a record, in the paper's order: the description first, then the reasoning (equation 1)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from PIL import Image

from triptych.answers.book import DefectBook
from triptych.answers.facts import state_facts
from triptych.answers.prompts import Prompts
from triptych.answers.provider import Provider, Question
from triptych.answers.store import AnswerStore, Asked
from triptych.cache import digest
from triptych.reading import PlotMeasures
from triptych.records import Readings


@dataclass(frozen=True)
class Answers:
    """What VLM and LLM say about one record."""

    description: str
    reasoning: str


@dataclass(frozen=True)
class Subject:
    """What the two are asked about: a picture, its checked readings and its digitised plot."""

    image: Image.Image
    readings: Readings
    plot: PlotMeasures | None


@dataclass(frozen=True)
class Asker:
    """Asks the two providers about records, through the store."""

    vlm: Provider
    llm: Provider
    prompts: Prompts
    book: DefectBook
    store: AnswerStore

    @property
    def batch_size(self) -> int:
        """How many records are best asked about at once."""
        return max(self.vlm.batch_size, self.llm.batch_size)

    def ask(self, subjects: Sequence[Subject]) -> list[Answers]:
        """The answers about each subject: all descriptions first, for the reasoning's prompt holds the description."""
        shown = [Question(self.prompts.vlm, image=subject.image, plot=subject.plot) for subject in subjects]
        descriptions = self._answers("vlm", self.vlm, shown)
        told = [self._reasoning(*pair) for pair in zip(subjects, descriptions, strict=True)]
        reasonings = self._answers("llm", self.llm, told)
        return [Answers(*pair) for pair in zip(descriptions, reasonings, strict=True)]

    def _reasoning(self, subject: Subject, description: str) -> Question:
        facts = state_facts(subject.readings, self.book.limits)
        said = "\n".join(f"- {fact.sentence}" for fact in facts) or "- nothing"
        prompt = self.prompts.reasoning(description=description, facts=said, book=self.book.text())
        return Question(prompt, facts=facts, book=self.book)

    def _answers(self, kind: str, provider: Provider, questions: Sequence[Question]) -> list[str]:
        """From the store, or from the provider, batch by batch; a question that occurs twice is asked once."""
        asked = [Asked(kind, provider.id, question.prompt, _digest(question.image)) for question in questions]
        known = {item: self.store.get(item) for item in asked}
        missing = {item: question for item, question in zip(asked, questions, strict=True) if known[item] is None}
        rest = iter(missing.items())
        while batch := dict(islice(rest, provider.batch_size)):
            start = time.perf_counter()
            texts = provider.answer(list(batch.values()))
            seconds = (time.perf_counter() - start) / len(batch)
            for item, text in zip(batch, texts, strict=True):
                self.store.put(item, text, seconds)
                known[item] = text
        return [known[item] or "" for item in asked]


def _digest(image: Image.Image | None) -> str:
    """Names a picture; empty where none is shown."""
    return digest(repr(image.size), image.tobytes()) if image else ""
