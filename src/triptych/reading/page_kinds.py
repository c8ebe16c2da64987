"""The words of a page by kind: names, values and units."""

from dataclasses import dataclass

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.printed_names import Label


@dataclass(frozen=True)
class Name:
    """A word that names something: its text, its box, and its meaning, if known."""

    text: str
    box: Box
    label: Label | None

    @property
    def title(self) -> str:
        """The text without a colon at its end."""
        return self.text.rstrip(" :=")


@dataclass(frozen=True)
class Unit:
    """A unit printed by itself, in micrometres; `stated` if it is declared for the whole page ("Unit: mm")."""

    box: Box
    um: float
    stated: bool


@dataclass
class PageWords:
    """The words of one page by kind; `pairs` are names already joined with their values."""

    names: list[Name]
    values: list[Word]
    pairs: list[tuple[Name, Word]]
    units: list[Unit]
