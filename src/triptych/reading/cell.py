"""A value of a printed table with its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from triptych.reading.box import Box
from triptych.reading.ocr import Word
from triptych.reading.printed_names import RING, Label
from triptych.reading.units import (
    Number,
    decimal_mark,
    further_number,
    parse_count,
    parse_number,
    parse_percent,
    parse_quantity,
    without_groups,
)
from triptych.records.fields import TOTAL

Key = tuple[object, ...]

_EDGES = re.compile(r"^[.,:;=]+(?=\d+[.,]\d)|[,;]+$")  # of the sign before a number, or of a list


@dataclass(frozen=True)
class Cell:
    """A value and its name.

    Attributes:
        name: as printed; "" for a number without a name.
        label: the meaning of the name; None if unknown, and then the value is kept under `name`.
        label_box: the box of the name.
        value: the printed value and its box; its text is "" if only the position is known.
        again: the value's text in a second reading; None if it was read once.
        mark: the decimal mark of the page, "." or ","; "" if it is not known.
    """

    name: str
    label: Label | None
    label_box: Box
    value: Word
    again: str | None = None
    mark: str = ""

    @property
    def field(self) -> str | None:
        """The field's name as in `records.fields`, `RING`, or None for an unknown field."""
        return self.label.field if self.label else None

    @property
    def number(self) -> Number | None:
        """The value as a number, or None if it is not one; percentages and other quantities only of unknown fields."""
        return self.number_in(self.value.text)

    @property
    def agreed(self) -> bool | None:
        """Whether two readings gave the same numbers; None if the value was read once."""
        if self.again is None:
            return None
        first, second = self.number, self.number_in(self.again)
        same = first and second and first.value == second.value
        return bool(same) and further_number(self.value.text) == further_number(self.again)

    def number_in(self, text: str) -> Number | None:
        """`number` if the value's text is `text`; print at the edge of its crop does not count."""
        text = _EDGES.sub("", text)
        if self.field in (TOTAL, RING):
            return parse_count(text)
        if self.field is None:
            text = without_groups(text, self.mark)
            return parse_number(text) or parse_percent(text) or parse_quantity(text)
        return parse_number(text)

    @property
    def key(self) -> Key:
        """Identifies this cell among the others of its page."""
        if self.label and self.label.ring:
            return (RING, self.label.ring)
        return (self.field or self.name,) if self.name else ("", self.value.box)


def with_mark(cells: Sequence[Cell]) -> list[Cell]:
    """The `cells` of a page with its decimal mark, which their numbers tell together."""
    mark = decimal_mark(cell.value.text for cell in cells if cell.number)
    return [replace(cell, mark=mark) for cell in cells]
