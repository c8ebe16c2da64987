"""Both answers about a record, in the paper's order: the description first, then the reasoning (equation 1).

A provider that fails stops nothing. A question without an answer leaves its branch of the record missing; it is asked
again by the next run. After GIVE_UP failures in a row a provider is not asked any more in this run, so that one that is
down does not keep a run waiting for every record.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from PIL import Image

from triptych.answers.book import DefectBook, load_book
from triptych.answers.facts import state_facts
from triptych.answers.free import open_store
from triptych.answers.nobody import Nobody
from triptych.answers.prompts import Prompts, load_prompts
from triptych.answers.provider import Provider, Question, Reply, used_digest
from triptych.answers.shots import Shot, image_digest, shown_to, subject_digest
from triptych.answers.store import AnswerStore, Asked
from triptych.answers.ways import check_way, in_words, judged
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
    """What VLM and LLM say about one record, in words; empty where there is no answer.

    Attributes:
        description: the VLM's.
        reasoning: the LLM's.
        probabilities: of each class, by branch, where they were asked for and there is an answer.
        unasked: the branches that nobody is asked for.
        errors: why there is no answer, by branch, where somebody was asked.
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
        """Those of them that somebody was asked for."""
        return tuple(name for name in self.missing if name not in self.unasked)

    @property
    def numbers(self) -> dict[str, float]:
        """The probabilities as named numbers, such as `llm_p_normal`."""
        return {f"{kind}_p_{name}": p for kind, shares in self.probabilities.items() for name, p in shares.items()}


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
    settings: AnswersConfig = field(default_factory=AnswersConfig)
    shots: Sequence[Shot] = ()
    failed_in_a_row: dict[str, int] = field(default_factory=lambda: {"vlm": 0, "llm": 0})

    def __post_init__(self) -> None:
        check_way("vlm", self.vlm, self.settings.vlm_way, self.book)
        check_way("llm", self.llm, self.settings.llm_way, self.book)

    @property
    def batch_size(self) -> int:
        """How many records are best asked about at once."""
        return max(self.vlm.batch_size, self.llm.batch_size)

    def ask(self, subjects: Sequence[Subject]) -> list[Answers]:
        """The answers about each subject: all descriptions first, for the reasoning's prompt holds the description."""
        described = self._answers("vlm", [self._shown(subject) for subject in subjects])
        told = [self._told(*pair) for pair in zip(subjects, (reply.text for reply in described), strict=True)]
        reasoned = self._answers("llm", told)
        unasked = tuple(kind for kind in KINDS if isinstance(self._provider(kind), Nobody))
        return [_together(*pair, unasked) for pair in zip(described, reasoned, strict=True)]

    def retry(self, subjects: Sequence[Subject]) -> list[Answers | None]:
        """Ask again about those subjects of which a try failed last, and about no other; None for these."""
        before = [self._failures(subject) for subject in subjects]
        again = [subject for subject, failures in zip(subjects, before, strict=True) if failures]
        answers = iter(self.ask(again))
        for subject, failures in zip(again, filter(None, before), strict=True):
            for asked in set(failures) - set(self._failures(subject)):
                self.store.forget_failure(asked)  # asked no more: the description that the question lacked is there
        return [next(answers) if failures else None for failures in before]

    def _provider(self, kind: Kind) -> Provider:
        return self.vlm if kind == "vlm" else self.llm

    def _shown(self, subject: Subject) -> Question:
        """The question for the VLM."""
        way = self.settings.vlm_way
        prompt = self.prompts.describing(self.book, way)
        return Question(prompt, way, _options(way, self.book), image=subject.image, plot=subject.plot)

    def _told(self, subject: Subject, description: str) -> Question:
        """The question for the LLM."""
        way, facts = self.settings.llm_way, state_facts(subject.readings, self.book.limits)
        shots = shown_to(subject_digest(subject.image, facts), self.shots, self.settings.shots) if self.shots else []
        prompt = self.prompts.reasoning(description, facts, self.book, way, shots)
        return Question(prompt, way, _options(way, self.book), facts=facts, book=self.book)

    def _asked(self, kind: Kind, question: Question) -> Asked:
        """The address of the answer: all that it depends on."""
        provider, image = self._provider(kind), image_digest(question.image)
        return Asked(kind, provider.id, question.prompt, image, question.way, used_digest(provider, question))

    def _failures(self, subject: Subject) -> list[Asked]:
        """The questions about `subject`, as they stand now, of which the last try failed."""
        shown = self._shown(subject)
        asked = self._asked("vlm", shown)
        description = in_words(shown, self.store.get(asked) or Reply())
        return [one for one in (asked, self._asked("llm", self._told(subject, description))) if self.store.failed(one)]

    def _answers(self, kind: Kind, questions: Sequence[Question]) -> list[Reply]:
        """Replies in words, from the store or from the provider, batch by batch; what occurs twice is asked once.

        A reply without text is none.
        """
        provider = self._provider(kind)
        if isinstance(provider, Nobody):
            return [Reply()] * len(questions)
        asked = [self._asked(kind, question) for question in questions]
        known = {item: self.store.get(item) for item in asked}
        missing = {item: question for item, question in zip(asked, questions, strict=True) if known[item] is None}
        rest, errors = iter(missing.items()), dict[Asked, str]()
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
        replies = [known[item] or Reply(error=errors.get(item, GIVEN_UP)) for item in asked]
        pairs = zip(questions, replies, strict=True)
        return [replace(reply, text=in_words(question, reply)) for question, reply in pairs]

    def _price(self, kind: Kind) -> tuple[float, float] | None:
        return self.settings.vlm_price if kind == "vlm" else self.settings.llm_price


def open_asker(
    settings: AnswersConfig, classes: Sequence[str], shots: Sequence[Shot] = (), book: DefectBook | None = None
) -> Asker:
    """What `settings` say, with the store in the cache; `book`, where given, stands for the book that they name.

    Raises:
        TriptychError: a provider that is not installed, or one that cannot answer in the way that is asked for; a store
            that cannot be used, where answers take time or money.
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


def _together(vlm: Reply, llm: Reply, unasked: tuple[str, ...]) -> Answers:
    shares = {"vlm": vlm.probabilities, "llm": llm.probabilities}
    errors = {kind: reply.error for kind, reply in (("vlm", vlm), ("llm", llm)) if reply.error}
    return Answers(vlm.text, llm.text, {kind: found for kind, found in shares.items() if found}, unasked, errors)


def _cost(reply: Reply, price: tuple[float, float] | None) -> float | None:
    """In USD; None where the price or the tokens are not known."""
    if price is None or reply.tokens_in is None or reply.tokens_out is None:
        return None
    return (reply.tokens_in * price[0] + reply.tokens_out * price[1]) / 1e6


def _replies(provider: Provider, questions: list[Question]) -> Iterator[tuple[int, Reply]]:
    """One timed and judged reply for every question, whatever the provider does."""
    waiting, start = set(range(len(questions))), time.perf_counter()
    try:
        for index, reply in provider.answer(questions):
            now = time.perf_counter()
            waiting.discard(index)
            found = judged(questions[index], reply)
            yield index, found if found.seconds is not None else replace(found, seconds=now - start)
            start = now
        problem = "the provider gave no reply"
    except TriptychError:
        raise
    except Exception as error:  # whatever a model or its library lets through
        problem = f"{type(error).__name__}: {error}"
    for index in sorted(waiting):
        yield index, Reply(error=problem, seconds=time.perf_counter() - start)
