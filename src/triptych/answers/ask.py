"""Asks for both answers about a record, in the paper's order: first the description, then the reasoning (equation 1).

A failing provider does not stop the run. If a question has no answer, that branch of the record is missing, and the
next run asks again. After GIVE_UP consecutive failures a provider is not asked again in the same run, so that a server
that is down does not delay every record.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from PIL import Image

from triptych.answers.best_effort_store import open_store
from triptych.answers.defect_book import DefectBook, load_book
from triptych.answers.few_shot import Shot, image_digest, select_shots, subject_digest
from triptych.answers.no_answer import NoAnswer
from triptych.answers.prompt_facts import state_facts
from triptych.answers.prompts import Prompts, load_prompts
from triptych.answers.provider import Provider, Question, Reply, used_digest
from triptych.answers.store import AnswerStore, Request
from triptych.answers.ways import answer_text, check_way, validated
from triptych.config import AnswersConfig, Way
from triptych.errors import TriptychError
from triptych.plugins import build
from triptych.reading import PlotMeasures
from triptych.records import Readings

GIVE_UP = 24
GIVEN_UP = "not asked, because too many tries in a row had failed"
Kind = Literal["vlm", "llm"]
KINDS: tuple[Kind, ...] = ("vlm", "llm")


@dataclass(frozen=True)
class Answers:
    """The answers of VLM and LLM about one record, as text; empty where there is no answer.

    Attributes:
        description: the VLM's answer.
        reasoning: the LLM's answer.
        probabilities: of each class, by branch, if they were requested and there is an answer.
        unasked: the branches whose provider is `none`.
        errors: why there is no answer, by branch, if a provider was asked.
    """

    description: str
    reasoning: str
    probabilities: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    unasked: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The branches without an answer: `vlm`, `llm`."""
        said = {"vlm": self.description, "llm": self.reasoning}
        return tuple(name for name, text in said.items() if not text)

    @property
    def failed(self) -> tuple[str, ...]:
        """The missing branches whose provider was asked."""
        return tuple(name for name in self.missing if name not in self.unasked)

    @property
    def numbers(self) -> dict[str, float]:
        """The probabilities as named numbers, such as `llm_p_normal`."""
        return {f"{kind}_p_{name}": p for kind, shares in self.probabilities.items() for name, p in shares.items()}


@dataclass(frozen=True)
class Subject:
    """What VLM and LLM are asked about: a picture, its checked readings and its digitised plot."""

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
    settings: AnswersConfig = field(default_factory=AnswersConfig)
    shots: Sequence[Shot] = ()
    failed_in_a_row: dict[str, int] = field(default_factory=lambda: {"vlm": 0, "llm": 0})

    def __post_init__(self) -> None:
        check_way("vlm", self.vlm, self.settings.vlm_way, self.book)
        check_way("llm", self.llm, self.settings.llm_way, self.book)

    @property
    def batch_size(self) -> int:
        """The number of records to ask about at once."""
        return max(self.vlm.batch_size, self.llm.batch_size)

    def ask(self, subjects: Sequence[Subject]) -> list[Answers]:
        """The answers about each subject. All descriptions come first, because the LLM's prompt contains them."""
        described = self._answers("vlm", [self._vlm_question(subject) for subject in subjects])
        pairs = zip(subjects, (reply.text for reply in described), strict=True)
        reasoned = self._answers("llm", [self._llm_question(*pair) for pair in pairs])
        unasked = tuple(kind for kind in KINDS if isinstance(self._provider(kind), NoAnswer))
        return [_combined(*pair, unasked) for pair in zip(described, reasoned, strict=True)]

    def retry(self, subjects: Sequence[Subject]) -> list[Answers | None]:
        """Ask again about the subjects with a failed last attempt; the others get None."""
        before = [self._failures(subject) for subject in subjects]
        again = [subject for subject, failures in zip(subjects, before, strict=True) if failures]
        answers = iter(self.ask(again))
        for subject, failures in zip(again, filter(None, before), strict=True):
            for request in set(failures) - set(self._failures(subject)):
                self.store.forget_failure(request)  # obsolete: the new prompt contains the description
        return [next(answers) if failures else None for failures in before]

    def _provider(self, kind: Kind) -> Provider:
        return self.vlm if kind == "vlm" else self.llm

    def _vlm_question(self, subject: Subject) -> Question:
        """The question for the VLM."""
        way = self.settings.vlm_way
        prompt = self.prompts.describing(self.book, way)
        return Question(prompt, way, _options(way, self.book), image=subject.image, plot=subject.plot)

    def _llm_question(self, subject: Subject, description: str) -> Question:
        """The question for the LLM."""
        way, facts = self.settings.llm_way, state_facts(subject.readings, self.book.limits)
        own = subject_digest(subject.image, facts) if self.shots else ""
        shots = select_shots(own, self.shots, self.settings.shots)
        prompt = self.prompts.reasoning(description, facts, self.book, way, shots)
        return Question(prompt, way, _options(way, self.book), facts=facts, book=self.book)

    def _request(self, kind: Kind, question: Question) -> Request:
        """The request that identifies the answer: everything that the answer depends on."""
        provider, image = self._provider(kind), image_digest(question.image)
        return Request(kind, provider.id, question.prompt, image, question.way, used_digest(provider, question))

    def _failures(self, subject: Subject) -> list[Request]:
        """The current requests about `subject` whose last attempt failed."""
        question = self._vlm_question(subject)
        vlm = self._request("vlm", question)
        description = answer_text(question, self.store.get(vlm) or Reply())
        llm = self._request("llm", self._llm_question(subject, description))
        return [request for request in (vlm, llm) if self.store.failed(request)]

    def _answers(self, kind: Kind, questions: Sequence[Question]) -> list[Reply]:
        """Replies as text, from the store or from the provider, batch by batch; equal questions are asked once.

        A reply without text means that there is no answer.
        """
        provider = self._provider(kind)
        if isinstance(provider, NoAnswer):
            return [Reply()] * len(questions)
        requests = [self._request(kind, question) for question in questions]
        known = {item: self.store.get(item) for item in requests}
        missing = {item: question for item, question in zip(requests, questions, strict=True) if known[item] is None}
        rest, errors = iter(missing.items()), dict[Request, str]()
        while self.failed_in_a_row[kind] < GIVE_UP and (batch := dict(islice(rest, provider.batch_size))):
            items = list(batch)
            for index, reply in _replies(provider, list(batch.values())):
                if reply.error:
                    self.store.fail(items[index], reply)
                    errors[items[index]] = reply.error
                    self.failed_in_a_row[kind] += 1
                else:
                    self.store.put(items[index], reply, _cost(reply, self._price(kind)))
                    known[items[index]] = reply
                    self.failed_in_a_row[kind] = 0
        replies = [known[item] or Reply(error=errors.get(item, GIVEN_UP)) for item in requests]
        pairs = zip(questions, replies, strict=True)
        return [replace(reply, text=answer_text(question, reply)) for question, reply in pairs]

    def _price(self, kind: Kind) -> tuple[float, float] | None:
        return self.settings.vlm_price if kind == "vlm" else self.settings.llm_price


def open_asker(
    settings: AnswersConfig, classes: Sequence[str], shots: Sequence[Shot] = (), book: DefectBook | None = None
) -> Asker:
    """An asker with the providers of `settings` and the store in the cache; `book` replaces the book of `settings`.

    Raises:
        TriptychError: a provider is not installed, or cannot answer in the requested way; or the store cannot be used
            although answers cost time or money.
    """
    return Asker(
        vlm=build("vlm", settings.vlm),
        llm=build("llm", settings.llm),
        prompts=load_prompts(),
        book=(book or load_book(settings.book)).for_classes(classes),
        store=open_store(settings),
        settings=settings,
        shots=shots,
    )


def _options(way: Way, book: DefectBook) -> tuple[str, ...]:
    return () if way == "generate" else book.names


def _combined(vlm: Reply, llm: Reply, unasked: tuple[str, ...]) -> Answers:
    shares = {"vlm": vlm.probabilities, "llm": llm.probabilities}
    errors = {kind: reply.error for kind, reply in (("vlm", vlm), ("llm", llm)) if reply.error}
    return Answers(vlm.text, llm.text, {kind: found for kind, found in shares.items() if found}, unasked, errors)


def _cost(reply: Reply, price: tuple[float, float] | None) -> float | None:
    """The cost in USD; None if the price or the number of tokens is unknown."""
    if price is None or reply.tokens_in is None or reply.tokens_out is None:
        return None
    return (reply.tokens_in * price[0] + reply.tokens_out * price[1]) / 1e6


def _replies(provider: Provider, questions: list[Question]) -> Iterator[tuple[int, Reply]]:
    """One timed and validated reply for every question, even if the provider fails."""
    waiting, start = set(range(len(questions))), time.perf_counter()
    try:
        for index, reply in provider.answer(questions):
            now = time.perf_counter()
            waiting.discard(index)
            found = validated(questions[index], reply)
            yield index, found if found.seconds is not None else replace(found, seconds=now - start)
            start = now
        problem = "the provider gave no reply"
    except TriptychError:
        raise
    except Exception as error:  # models and their libraries raise many types
        problem = f"{type(error).__name__}: {error}"
    for index in sorted(waiting):
        yield index, Reply(error=problem, seconds=time.perf_counter() - start)
