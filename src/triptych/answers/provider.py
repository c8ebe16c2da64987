"""The interface of models that answer questions about a record, VLM or LLM."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from triptych.answers.defect_book import DefectBook
from triptych.answers.prompt_facts import Fact
from triptych.cache import digest
from triptych.config import Way
from triptych.reading import PlotMeasures

PARTS = ("plot", "facts", "book")  # the parts of a question besides its prompt and its picture


@dataclass(frozen=True)
class Question:
    """One question about one record.

    Attributes:
        prompt: the whole text of the question.
        way: the way of answering; all questions of one call have the same.
        options: the classes to choose from, for `choose` and the verdict of `structured`; the prompt lists them.
        image: the picture, for a VLM.
        plot: the picture's digitised plot, for providers without vision.
        facts: the statements of g that the prompt contains, for providers that do not read text.
        book: the defect book that the prompt contains, likewise.
    """

    prompt: str
    way: Way = "generate"
    options: tuple[str, ...] = ()
    image: Image.Image | None = None
    plot: PlotMeasures | None = None
    facts: tuple[Fact, ...] = ()
    book: DefectBook | None = field(default=None, repr=False)


def used_digest(provider: "Provider", question: Question) -> str:
    """A digest of the parts of `question` that `provider` uses besides prompt and picture; empty if it uses none."""
    uses = getattr(provider, "uses", PARTS)
    parts = {name: mark for name in PARTS if name in uses and (mark := _mark(getattr(question, name)))}
    return digest(*(item for pair in parts.items() for item in pair)) if parts else ""


def _mark(part: PlotMeasures | tuple[Fact, ...] | DefectBook | None) -> str:
    """A string that identifies one part of a question by its contents; empty if there is none."""
    if not part:
        return ""
    if isinstance(part, PlotMeasures):
        return digest(repr(part), part.density.tobytes())
    return part.model_dump_json() if isinstance(part, DefectBook) else repr(part)


@dataclass(frozen=True)
class Reply:
    """The reply to one question.

    Attributes:
        text: the answer as text, or the JSON of a structured one; empty if the attempt failed.
        error: why it failed; empty if it did not.
        seconds: its duration; None if the provider does not report it.
        tokens_in, tokens_out: of the question and of the answer; None if the provider does not report them.
        probabilities: of each option, for the way `choose`.
    """

    text: str = ""
    error: str = ""
    seconds: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    probabilities: dict[str, float] | None = None


class Provider(Protocol):
    """Answers questions.

    A provider that supports other ways than `generate` lists all of them in an attribute `ways`, a set of Way. An
    optional attribute `uses` names the parts of a question, out of `plot`, `facts` and `book`, that the answer depends
    on besides the prompt and the picture. They are part of the key of the stored answer. Without `uses`, all are.

    Attributes:
        id: identifies the provider, its model and its version; part of the key of every stored answer.
        batch_size: the preferred number of questions per call.
    """

    id: str
    batch_size: int

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The replies in any order, each with the index of its question.

        Each reply is stored before the next is requested, so a killed run loses none. An exception counts as a failure
        of all questions without a reply; only a TriptychError, which means that the provider cannot be used at all,
        ends the run.
        """
