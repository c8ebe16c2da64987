"""Both answers about a record, in the paper's order: the description first, then the reasoning (equation 1).

A provider that fails stops nothing. A question without an answer leaves its branch of the record missing; it is asked
again by the next run. After GIVE_UP failures in a row a provider is not asked any more in this run, so that one that is
down does not keep a run waiting for every record.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from PIL import Image

from triptych.answers.book import DefectBook
from triptych.answers.facts import state_facts
from triptych.answers.prompts import Prompts
from triptych.answers.provider import Provider, Question, Reply
from triptych.answers.store import AnswerStore, Asked
from triptych.cache import digest
from triptych.errors import TriptychError
from triptych.reading import PlotMeasures
from triptych.records import Readings

GIVE_UP = 24
NO_DESCRIPTION = "(there is no description)"


@dataclass(frozen=True)
class Answers:
    """What VLM and LLM say about one record; empty where there is no answer."""

    description: str
    reasoning: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The branches without an answer: `vlm`, `llm`."""
        said = {"vlm": self.description, "llm": self.reasoning}
        return tuple(name for name, text in said.items() if not text)


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
    failed_in_a_row: dict[str, int] = field(default_factory=lambda: {"vlm": 0, "llm": 0})

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
        prompt = self.prompts.reasoning(description or NO_DESCRIPTION, said, self.book.text())
        return Question(prompt, facts=facts, book=self.book)

    def _answers(self, kind: str, provider: Provider, questions: Sequence[Question]) -> list[str]:
        """From the store, or from the provider, batch by batch; a question that occurs twice is asked once."""
        asked = [Asked(kind, provider.id, question.prompt, _digest(question.image)) for question in questions]
        known = {item: self.store.get(item) for item in asked}
        missing = {item: question for item, question in zip(asked, questions, strict=True) if known[item] is None}
        rest = iter(missing.items())
        while self.failed_in_a_row[kind] < GIVE_UP and (batch := dict(islice(rest, provider.batch_size))):
            items = list(batch)
            for index, reply in _replies(provider, list(batch.values())):
                if reply.error:
                    self.store.fail(items[index], reply)
                    self.failed_in_a_row[kind] += 1
                else:
                    self.store.put(items[index], reply)
                    known[items[index]] = reply.text
                    self.failed_in_a_row[kind] = 0
        return [known[item] or "" for item in asked]


def _replies(provider: Provider, questions: list[Question]) -> Iterator[tuple[int, Reply]]:
    """One timed reply for every question, whatever the provider does."""
    waiting, start = set(range(len(questions))), time.perf_counter()
    try:
        for index, reply in provider.answer(questions):
            now = time.perf_counter()
            waiting.discard(index)
            yield index, _judged(reply, now - start)
            start = now
        problem = "the provider gave no reply"
    except TriptychError:
        raise
    except Exception as error:  # whatever a model or its library lets through
        problem = f"{type(error).__name__}: {error}"
    for index in sorted(waiting):
        yield index, Reply(error=problem, seconds=time.perf_counter() - start)


def _judged(reply: Reply, seconds: float) -> Reply:
    """`reply` with its time; one that says nothing is a failure."""
    error = reply.error or ("" if reply.text.strip() else "an empty answer")
    taken = seconds if reply.seconds is None else reply.seconds
    return Reply("" if error else reply.text, error, taken, reply.tokens_in, reply.tokens_out)


def _digest(image: Image.Image | None) -> str:
    """Names a picture; empty where none is shown."""
    return digest(repr(image.size), image.tobytes()) if image else ""
