"""How sure each printed value is: confirmed by something else, read, or in doubt."""

from collections.abc import Sequence

from triptych.reading.cell import Cell
from triptych.reading.checks import CheckedTable, name_of
from triptych.reading.reading import Certainty, Field, names_in
from triptych.reading.units import is_missing
from triptych.records.fields import MOMENTS

LEAST_SCORE = 0.6  # a value with a lower score is read again, and is in doubt if that does not help
NO_PLOT = "not compared with a plot: none was found"
TWO_READINGS = "two readings agree"


def fields_of(cells: Sequence[Cell], checked: CheckedTable, *, plot: bool) -> tuple[Field, ...]:
    """The fields of the named `cells`, in their order; `plot` tells whether the page has one."""
    doubted = {name for problem in (*checked.faults, *checked.notes) for name in names_in(problem)}
    return tuple(_field(cell, checked, name_of(cell) in doubted, plot) for cell in cells if cell.name)


def _field(cell: Cell, checked: CheckedTable, doubted: bool, plot: bool) -> Field:
    name, text = name_of(cell), cell.value.text
    checks = [words for words in (checked.confirmed.get(name), TWO_READINGS if cell.agreed else None) if words]
    certainty: Certainty = "checked" if checks else "read"
    if doubted or (cell.value.score < LEAST_SCORE and not checks and not is_missing(text)):
        certainty = "doubtful"
    if name in MOMENTS and not plot:
        checks.append(NO_PLOT)
    value = checked.values.get(name, cell.number.value if cell.number else None)
    unit = (cell.number.unit if cell.number else None) or (cell.label.unit if cell.label else None)
    return Field(name, cell.name, text, value, unit, cell.label_box, cell.value.box, certainty, tuple(checks))
