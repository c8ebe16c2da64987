"""The result of reading a record picture: its values, and for each printed field how sure its value is."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box
from triptych.reading.measures import PlotMeasures

Certainty = Literal["checked", "read", "doubtful"]


def names_in(problem: str) -> list[str]:
    """The names of the fields with which `problem` begins: "mean_x, mean_y: ..."."""
    return [name.strip() for name in problem.partition(":")[0].split(",")]


@dataclass(frozen=True)
class Field:
    """One printed value and its name.

    Attributes:
        name: the key of the value in `Reading.values`.
        printed: the name as printed.
        text: the value as printed; "" if it is not legible.
        value: the value of `Reading.values`; a count of several rings as printed; None if there is none.
        unit: micrometres in the printed unit; None if no unit is printed, or the field is not a known length.
        label_box: px on the upright page, around the name.
        box: px on the upright page, around the value, or the free space that it may take in a known layout.
        certainty: `checked` if something confirms the value, `doubtful` if something contradicts it or it is not
            legible, else `read`. A record with a doubtful number has a problem.
        checks: what confirms the value, and which check could not run, in words.
    """

    name: str
    printed: str
    text: str
    value: float | str | None
    unit: float | None
    label_box: Box
    box: Box
    certainty: Certainty
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The readings of a record picture.

    Attributes:
        ok: whether all printed values could be read and are consistent.
        values: under the names of `records.fields`, in micrometres; other fields under their printed names, as printed.
        problems: what is missing, inconsistent or repaired; each begins with the field's name.
        plot: the digitised plot, or None.
        absent: the problems that only state that something was not found.
        table: whether there is a table, or readings that came with the picture.
        fields: the printed fields, from top to bottom; none for readings that came with the picture.
        quarters: quarter turns counter-clockwise that make the page upright.
        layout: the index of the record's layout in `Reader.layouts`; None if it has none.
    """

    ok: bool
    values: dict[str, float | str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    plot: PlotMeasures | None = None
    absent: tuple[str, ...] = ()
    table: bool = True
    fields: tuple[Field, ...] = ()
    quarters: int = 0
    layout: int | None = None

    @property
    def density(self) -> NDArray[np.float32] | None:
        """`PlotMeasures.density` of its plot; None without a plot."""
        return self.plot.density if self.plot else None
