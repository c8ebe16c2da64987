"""The seam to models: whoever answers a question about a record, VLM or LLM."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from triptych.answers.book import DefectBook
from triptych.answers.facts import Fact
from triptych.reading import PlotMeasures


@dataclass(frozen=True)
class Question:
    """One question about one record.

    Attributes:
        prompt: the whole text of the question.
        image: the picture, for a VLM.
        plot: the picture's digitised plot, for providers that measure and do not see.
        facts: the statements of g that the prompt carries, for providers that read no prose.
        book: the defect book that the prompt carries, likewise.
    """

    prompt: str
    image: Image.Image | None = None
    plot: PlotMeasures | None = None
    facts: tuple[Fact, ...] = ()
    book: DefectBook | None = field(default=None, repr=False)


class Provider(Protocol):
    """Answers questions.

    Attributes:
        id: names the provider, its model and its version; a part of every kept answer's address.
        batch_size: how many questions it is best asked at once.
    """

    id: str
    batch_size: int

    def answer(self, questions: Sequence[Question]) -> list[str]:
        """The answers, in words; as many as there are questions, in their order."""
