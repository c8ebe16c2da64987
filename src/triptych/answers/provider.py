"""The seam to models: whoever answers a question about a record, VLM or LLM."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from triptych.answers.book import DefectBook
from triptych.answers.facts import Fact
from triptych.cache import digest
from triptych.config import Way
from triptych.reading import PlotMeasures

PARTS = ("plot", "facts", "book")  # of a question, besides its prompt and its picture


@dataclass(frozen=True)
class Question:
    """One question about one record.

    Attributes:
        prompt: the whole text of the question.
        way: how it is to be answered; all questions of one call are asked the same way.
        options: the classes among which `choose` and the verdict of `structured` choose; the prompt lists them.
        image: the picture, for a VLM.
        plot: the picture's digitised plot, for providers that measure and do not see.
        facts: the statements of g that the prompt carries, for providers that read no prose.
        book: the defect book that the prompt carries, likewise.
    """

    prompt: str
    way: Way = "generate"
    options: tuple[str, ...] = ()
    image: Image.Image | None = None
    plot: PlotMeasures | None = None
    facts: tuple[Fact, ...] = ()
    book: DefectBook | None = field(default=None, repr=False)


def used_digest(provider: "Provider", question: Question) -> str:
    """Names what `provider` uses of `question` besides prompt and picture; empty for nothing."""
    uses = getattr(provider, "uses", PARTS)
    parts = {name: mark for name in PARTS if name in uses and (mark := _mark(getattr(question, name)))}
    return digest(*(item for pair in parts.items() for item in pair)) if parts else ""


def _mark(part: PlotMeasures | tuple[Fact, ...] | DefectBook | None) -> str:
    """Names one part of a question by its contents; empty where there is none."""
    if not part:
        return ""
    if isinstance(part, PlotMeasures):
        return digest(repr(part), part.density.tobytes())
    return part.model_dump_json() if isinstance(part, DefectBook) else repr(part)


@dataclass(frozen=True)
class Reply:
    """What came of one question.

    Attributes:
        text: the answer, in words, or the JSON of a structured one; empty where the try failed.
        error: why it failed; empty where it did not.
        seconds: how long it took; None where the provider does not say.
        tokens_in, tokens_out: of the question and of the answer, likewise.
        probabilities: of each option, where the way is `choose`.
    """

    text: str = ""
    error: str = ""
    seconds: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    probabilities: dict[str, float] | None = None


class Provider(Protocol):
    """Answers questions; one that can do more than generate says so in `ways`, a set of Way.

    An optional attribute `uses` names the parts of a question that the answer depends on besides the prompt and the
    picture, out of `plot`, `facts` and `book`; they become a part of the answer's address. Without it, all of them do.

    Attributes:
        id: names the provider, its model and its version; a part of every kept answer's address.
        batch_size: how many questions it is best asked at once.
    """

    id: str
    batch_size: int

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The replies as they come, in any order, each with the index of its question.

        Each is kept before the next is asked for, so that a run that is killed loses none. What is raised counts as
        the failure of all questions that have no reply yet; a TriptychError alone, which says that the provider cannot
        be used at all, ends the run.
        """
