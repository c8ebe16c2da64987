"""What preparation learns from the training records; the model stores it, to prepare new records in the same way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from triptych.answers.defect_book import DefectBook
from triptych.answers.few_shot import Shot
from triptych.preparation.expectations import Expectations
from triptych.reading import Layout
from triptych.reading.layout_file import LayoutFile
from triptych.reading.vocabulary import Words
from triptych.records import BitDepth

GIVEN = "given"  # key of the names of given layouts, whose files lie beside the JSON file


@dataclass(frozen=True)
class PreparerState:
    """What a `Preparer` learned from the training records.

    Attributes:
        layouts: table layouts learned from the training records.
        given: layouts given by the user; None: those in the files that the configuration names.
        shots: the training records that the LLM's prompt shows as examples.
        depth: the range by which pixel values of more than 8 bits are scaled; None if it was not learned.
        expected: what a record is expected to have; None before all training records are prepared.
        search: whether pictures are searched for tables; false if no training picture has one.
        book: the defect book used in the prompts; None: the one that the configuration names.
        words: the user's words of printed names, of each file; None: those of the files that the configuration names.
        components: the identity of each component that prepared the training records, by its setting.
    """

    layouts: tuple[Layout, ...] = ()
    given: tuple[LayoutFile, ...] | None = None
    shots: tuple[Shot, ...] = ()
    depth: BitDepth | None = None
    expected: Expectations | None = None
    search: bool = True
    book: DefectBook | None = None
    words: tuple[Words, ...] | None = None
    components: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain values, for the model's folder; only the names of given layouts."""
        return {
            "layouts": [layout.to_json() for layout in self.layouts],
            GIVEN: [layout.name for layout in self.given or ()],
            "shots": [asdict(shot) for shot in self.shots],
            "depth": self.depth and self.depth.to_json(),
            "expected": self.expected.to_json() if self.expected else None,
            "search": self.search,
            "book": None if self.book is None else self.book.model_dump(mode="json"),
            "words": None if self.words is None else [words.model_dump(mode="json") for words in self.words],
            "components": dict(self.components),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any], given: tuple[LayoutFile, ...] = ()) -> Self:
        """Restore from the values of `to_json` and the `given` layouts.

        Raises:
            KeyError, TypeError: `kept` has another form.
        """
        return cls(
            layouts=tuple(Layout.from_json(layout) for layout in kept["layouts"]),
            given=given,
            depth=BitDepth.from_json(depth) if (depth := kept.get("depth")) else None,
            expected=Expectations.from_json(expected) if (expected := kept.get("expected")) else None,
            search=bool(kept.get("search", True)),
            shots=tuple(Shot(**shot) for shot in kept.get("shots", [])),  # models of format 1 may have none
            book=DefectBook.model_validate(kept["book"]) if kept.get("book") else None,
            words=None if (words := kept.get("words")) is None else tuple(map(Words.model_validate, words)),
            components=dict(kept.get("components", {})),
        )
