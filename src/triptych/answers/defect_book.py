"""The defect book: prior knowledge about the classes, which is part of the LLM's prompt (section 3.2)."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from triptych.config import Section
from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path

Sign = Literal["centred", "shifted", "tight", "wide", "round", "stretched"]


class Limits(Section):
    """The limits that readings are compared with; lengths in um."""

    centre: float = Field(gt=0)
    spread: float = Field(gt=0)
    stretch: float = Field(gt=1)
    tolerance: float = Field(gt=0)


class Entry(Section):
    """A class, its meaning, and the signs in the readings that are typical of it."""

    name: str
    sentence: str
    signs: tuple[Sign, ...] = ()


class DefectBook(Section):
    """The classes and the limits."""

    limits: Limits
    classes: tuple[Entry, ...]

    def for_classes(self, names: Sequence[str]) -> "DefectBook":
        """The book for a data set with the classes `names`; a class that is not in the book gets a generic sentence."""
        known = {entry.name: entry for entry in self.classes}
        entries = tuple(known.get(name, Entry(name=name, sentence=f"A record of the class {name}.")) for name in names)
        return DefectBook(limits=self.limits, classes=entries)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes."""
        return tuple(entry.name for entry in self.classes)

    def text(self) -> str:
        """The classes as lines of a prompt."""
        return "\n".join(f"- {entry.name}: {entry.sentence}" for entry in self.classes)


def load_book(path: StrPath | None = None) -> DefectBook:
    """The defect book in the YAML file `path`, or the one that comes with Triptych.

    Raises:
        TriptychError: the file does not exist, is not YAML, or has unknown keys or invalid values.
    """
    name = "the built-in defect book" if path is None else str(path)
    source = as_path(path) if path is not None else Path(str(files("triptych.answers") / "data" / "book.yaml"))
    try:
        return DefectBook.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TriptychError(f"{name}: cannot be read ({' '.join(str(error).split())}); check answers.book") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TriptychError(f"{name}: {where}: {first['msg']}; found {first['input']!r}") from None
