"""The contents of a layout file: names, meanings and boxes, checked, and without pixels."""

import json
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from triptych.config import Section
from triptych.errors import TriptychError
from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.ignored import Ignored
from triptych.reading.meanings import parse_meaning
from triptych.reading.ocr import Word
from triptych.reading.printed_names import RING, Label
from triptych.records.fields import MOMENTS, TOTAL, ring_bounds
from triptych.yaml_values import parse_yaml

HEADER = "# A layout of printed records (docs/layouts.md). Boxes: left, top, right, bottom, in px of the picture.\n"

Coordinate = Annotated[int | float, Field(ge=0, le=1_000_000)]
BoxEntry = tuple[Coordinate, Coordinate, Coordinate, Coordinate]


class FieldEntry(Section):
    """One value of the layout.

    Attributes:
        name: its name as printed, or the name to keep it under.
        meaning: see `parse_meaning`; None: the value is kept under `name`, as printed.
        unit: the unit of a mean or sigma, unless it is printed with the value.
        name_box: the box of the printed name, by which records of the layout are recognised; None if there is none.
        value_box: the box of the value.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    meaning: str | None = None
    unit: str | None = None
    name_box: BoxEntry | None = None
    value_box: BoxEntry

    @field_validator("name_box", "value_box")
    @classmethod
    def _not_empty(cls, box: BoxEntry | None, info: ValidationInfo) -> BoxEntry | None:
        return box and _checked(box)

    @model_validator(mode="after")
    def _meaningful(self) -> Self:
        if self.unit is not None and self.label is None:
            raise ValueError("the unit of a field without a meaning is not known to any check; leave the unit out")
        return self

    @property
    def label(self) -> Label | None:
        """Its meaning.

        Raises:
            ValueError: the meaning or the unit does not exist.
        """
        return parse_meaning(self.known_meaning, self.unit) if self.known_meaning else None

    @property
    def known_meaning(self) -> str | None:
        """Its meaning as written; that of a field that has the name of a reading is this name."""
        known = self.name in (TOTAL, *MOMENTS) or ring_bounds(self.name)
        return self.meaning or (self.name if known else None)

    @property
    def key(self) -> tuple[object, ...]:
        """What must differ between the fields of a layout."""
        label = self.label
        return (RING, label.ring) if label and label.ring else ((label and label.field) or self.name,)

    def is_hidden_by(self, ignored: Ignored) -> bool:
        """Whether `ignored` names it or covers its value."""
        meaning = self.meaning is not None and ignored.hides_name(self.meaning)
        return meaning or ignored.hides(Cell(self.name, None, Box(0, 0, 0, 0), Word("", Box(*self.value_box), 0.0)))


class LayoutEntries(Section):
    """A layout file.

    Attributes:
        picture: the name of the sample picture, which lies beside the file.
        decimals: decimal places of means and sigmas, if all have the same.
        um_per_radius: micrometres in the outer radius of the plot, if known.
        fields: the values.
        ignore: names and areas that are never read.
    """

    picture: Annotated[str, Field(min_length=1)]
    decimals: Annotated[int, Field(ge=0, le=12)] | None = None
    um_per_radius: Annotated[float, Field(gt=0)] | None = None
    fields: tuple[FieldEntry, ...] = ()
    ignore: tuple[str | BoxEntry, ...] = ()

    @field_validator("picture")
    @classmethod
    def _beside(cls, picture: str) -> str:
        if "/" in picture or "\\" in picture or picture in (".", ".."):
            raise ValueError("the picture lies beside the layout file; give its name without a folder")
        return picture

    @field_validator("ignore")
    @classmethod
    def _areas(cls, ignore: tuple[str | BoxEntry, ...]) -> tuple[str | BoxEntry, ...]:
        return tuple(item if isinstance(item, str) else _checked(item) for item in ignore)

    @model_validator(mode="after")
    def _recognisable(self) -> Self:
        keys = [field.key for field in self.fields]
        if twice := next((field for field in self.fields if keys.count(field.key) > 1), None):
            raise ValueError(f"two fields are {twice.meaning or twice.name!r}; each field can be read once")
        if self.fields and not any(field.name_box for field in self.fields):
            raise ValueError(
                "no field has a name_box; give at least one, around print that all records of the layout share"
            )
        if both := next((field for field in self.fields if field.is_hidden_by(self.ignored)), None):
            raise ValueError(f"field {both.name!r} is also ignored, by its name or by an area; remove one of them")
        if not self.fields and not self.ignore:
            raise ValueError("give fields to read, or names and boxes to ignore")
        return self

    @property
    def ignored(self) -> Ignored:
        """What is never read."""
        return Ignored(
            names=tuple(item for item in self.ignore if isinstance(item, str)),
            areas=tuple(Box(*item) for item in self.ignore if not isinstance(item, str)),
        )

    def to_yaml(self) -> str:
        """The entries as YAML that `parse_entries` reads."""
        return HEADER + yaml.safe_dump(
            self.plain(), sort_keys=False, allow_unicode=True, default_flow_style=None, width=1_000
        )

    def plain(self) -> dict[str, Any]:
        """The entries as plain values, without those that are not given."""
        dumped = self.model_dump(mode="json", exclude_none=True)
        return {key: value for key, value in dumped.items() if value != []}


def parse_entries(text: str, source: str) -> LayoutEntries:
    """The entries in the YAML `text`; `source` is its name in messages.

    Raises:
        TriptychError: it is not YAML, has unknown keys, or values that are not allowed.
    """
    try:
        return make_entries(parse_yaml(text), source)
    except ValueError as error:
        raise TriptychError(f"{source}: not a layout that can be read ({' '.join(str(error).split())})") from None


def make_entries(values: object, source: str) -> LayoutEntries:
    """The entries of plain `values`, as `LayoutEntries.plain` gives them.

    Raises:
        TriptychError: there are unknown keys, or values that are not allowed.
    """
    if not isinstance(values, dict):
        raise TriptychError(f"{source}: a layout is a mapping with the keys {', '.join(LayoutEntries.model_fields)}")
    try:
        return LayoutEntries.model_validate(values)
    except ValidationError as error:
        raise TriptychError(f"{source}: {_explain(error, values)}") from None


def _checked(box: BoxEntry) -> BoxEntry:
    left, top, right, bottom = box
    if left >= right or top >= bottom:
        raise ValueError("a box is [left, top, right, bottom], with left < right and top < bottom")
    return box


def box_entry(box: Box) -> BoxEntry:
    """`box` for a file, in whole pixels."""
    x0, y0, x1, y1 = (round(v) for v in box)
    return x0, y0, x1, y1


def _explain(error: ValidationError, values: dict[str, Any]) -> str:
    """The first error in words: where it is, what was found, and what is allowed."""
    first = error.errors()[0]
    place = [part for part in first["loc"] if isinstance(part, int) or part in _KEYS or first["type"] == _UNKNOWN]
    where = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in place)
    if place[:1] == ["fields"] and len(place) > 1 and isinstance(place[1], int):
        name = _name(values["fields"][place[1]])
        where = f"field {name}{'.' if place[2:] else ''}{'.'.join(map(str, place[2:]))}"
    if first["type"] == _UNKNOWN:
        model = FieldEntry if place[0] == "fields" else LayoutEntries
        return f"{where}: there is no such key; allowed are {', '.join(model.model_fields)}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _name(entry: object) -> str:
    return json.dumps(entry.get("name", "?") if isinstance(entry, dict) else entry, ensure_ascii=False, default=str)


_UNKNOWN = "extra_forbidden"
_KEYS = frozenset({*LayoutEntries.model_fields, *FieldEntry.model_fields})
