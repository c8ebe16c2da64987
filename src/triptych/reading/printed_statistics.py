"""The meaning of further printed statistics, and whether they agree: Max, Min, Range, Cp, Cpk, USL, LSL, Yield.

These fields keep their printed names. Their meaning only serves to check them against each other and against the known
moments, within the rounding of what is printed. Some equations hold for any data: min <= mean <= max, range = max -
min, Cpk <= Cp. If one of these fails, a number is wrong. Others depend on how a program estimates sigma (within
subgroups or overall, divided by n or n - 1): Cp = (USL - LSL) / (6 sigma). These can only confirm the numbers.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from triptych.reading.cell import Cell
from triptych.reading.printed_names import without_unit
from triptych.reading.vocabulary import Kind, Vocabulary, built_in, spaced
from triptych.records.fields import TOTAL

Statistic = Kind | Literal["mean", "sigma", "total"]
_AXIS = re.compile(r"(?<![a-z])[dδ]?([xyr])(?![a-z])")
_NUMBERED = re.compile(r"(\D+?)\s*\d+")


@dataclass(frozen=True)
class Meaning:
    """What a printed name means: the kind of statistic, and the axis that it refers to, or ""."""

    kind: Kind
    axis: str


@dataclass(frozen=True)
class Agreement:
    """The result of comparing printed statistics.

    Attributes:
        problems: contradictions, in words; each begins with the names of the fields.
        confirmed: for each equation that holds, the names of its fields and the equation in words.
    """

    problems: tuple[str, ...]
    confirmed: tuple[tuple[tuple[str, ...], str], ...]


def parse_statistic(name: str, vocabulary: Vocabulary | None = None) -> Meaning | None:
    """The meaning of the printed name `name`, such as "X Cpk"; None if a word of it is unknown.

    Args:
        name: the name as printed; the axis may stand anywhere in it.
        vocabulary: the known words; None: those that come with Triptych.
    """
    kinds = (vocabulary or built_in()).kinds
    plain = spaced(without_unit(name))
    axis = ""
    if plain not in kinds and (found := _AXIS.search(plain)):
        axis = found[1]
        plain = " ".join(f"{plain[: found.start()]} {plain[found.end() :]}".split())
    kind = kinds.get(plain)
    if kind is None and (numbered := _NUMBERED.fullmatch(plain)):
        kind = "bin" if kinds.get(numbered[1]) == "bin" else None
    return Meaning(kind, axis) if kind else None


@dataclass(frozen=True)
class _Printed:
    """A printed number: the name of its field, its value, and half a unit of its last digit."""

    name: str
    value: float
    half: float


_Table = dict[tuple[Statistic, str], _Printed]


def compare_statistics(cells: Sequence[Cell], vocabulary: Vocabulary | None = None) -> Agreement:
    """Compare the statistics among `cells`; numbers are compared in the unit that they are printed in."""
    table = _table(cells, vocabulary)
    problems: list[str] = []
    confirmed: list[tuple[tuple[str, ...], str]] = []
    for axis in sorted({axis for _, axis in table}):
        problems += _disordered(table, axis)
        span = _span(table, axis)
        if isinstance(span, str):
            problems.append(span)
        elif span:
            confirmed.append(span)
        confirmed += _capabilities(table, axis)
    return Agreement(tuple(problems), (*confirmed, *_yield(table, cells, vocabulary)))


def _table(cells: Sequence[Cell], vocabulary: Vocabulary | None) -> _Table:
    """The printed numbers by kind and axis; numbers in different units are left out."""
    units = {cell.number.unit for cell in cells if cell.number and cell.number.unit}
    table: _Table = {}
    if len(units) > 1:
        return table
    for cell in cells:
        number, label = cell.number, cell.label
        if number is None:
            continue
        printed = _Printed(cell.field or cell.name, number.value, 0.5 * 10.0**-number.decimals)
        if cell.field == TOTAL:
            table.setdefault(("total", ""), printed)
        elif label and label.field and label.statistic in ("mean", "sigma") and label.multiple == 1:
            table.setdefault((label.statistic, label.axis or ""), printed)
        elif label is None and (meaning := parse_statistic(cell.name, vocabulary)) and meaning.kind != "bin":
            table.setdefault((meaning.kind, meaning.axis), printed)
    return table


def _get(table: _Table, kind: Statistic, axis: str) -> _Printed | None:
    """The number of `kind` for `axis`; limits may be printed once for all axes."""
    common = table.get((kind, "")) if kind in ("upper_limit", "lower_limit") else None
    return table.get((kind, axis)) or common


def _disordered(table: _Table, axis: str) -> list[str]:
    """Pairs of numbers of which the first must not be greater, but is."""
    orders: tuple[tuple[Statistic, Statistic], ...] = (
        ("minimum", "mean"), ("mean", "maximum"), ("minimum", "median"), ("median", "maximum"), ("minimum", "maximum"),
        ("cpk", "cp"), ("ppk", "pp"), ("lower_limit", "upper_limit"),
    )  # fmt: skip
    problems = []
    for lesser, greater in orders:
        low, high = table.get((lesser, axis)), table.get((greater, axis))
        if low and high and low.value > high.value + low.half + high.half + 1e-9:
            words = f"{low.value:g} is printed for {low.name}, which cannot exceed {high.value:g} for {high.name}"
            problems.append(f"{low.name}, {high.name}: {words}")
    return problems


def _span(table: _Table, axis: str) -> str | tuple[tuple[str, ...], str] | None:
    """Whether the range is max - min: a confirmation, a problem, or None if one of the three is not printed."""
    span, low, high = (table.get((kind, axis)) for kind in ("span", "minimum", "maximum"))
    if not (span and low and high):
        return None
    names = (span.name, low.name, high.name)
    if abs(span.value - (high.value - low.value)) <= span.half + low.half + high.half + 1e-9:
        return names, "the range is the maximum less the minimum"
    words = f"{span.value:g} is printed, but {high.value:g} less {low.value:g} is {high.value - low.value:g}"
    return f"{', '.join(names)}: {words}"


Formula = Callable[..., float]
_FORMULAS: tuple[tuple[tuple[Kind, ...], tuple[Statistic, ...], Formula, str], ...] = (
    (("cp", "pp"), ("upper_limit", "lower_limit", "sigma"), lambda u, low, s: (u - low) / (6 * s),
     "the distance of the limits is {} times six sigma"),
    (("cpk", "ppk"), ("upper_limit", "lower_limit", "mean", "sigma"),
     lambda u, low, m, s: min(u - m, m - low) / (3 * s), "the nearer limit is {} times three sigma from the mean"),
    (("mean_plus_3_sigma",), ("mean", "sigma"), lambda m, s: abs(m) + 3 * s, "{} is the mean and three sigma"),
)  # fmt: skip


def _capabilities(table: _Table, axis: str) -> list[tuple[tuple[str, ...], str]]:
    """The equations of the limits, the mean and sigma that hold for `axis`."""
    confirmed = []
    for kinds, parts, formula, words in _FORMULAS:
        inputs = [_get(table, part, axis) for part in parts]
        given = [part for part in inputs if part]
        for kind in kinds:
            printed = table.get((kind, axis))
            if printed is None or len(given) < len(parts) or given[-1].value - given[-1].half <= 0:
                continue
            exact = formula(*(part.value for part in given))
            reach = sum(_change(formula, given, i, exact) for i in range(len(given)))
            if abs(printed.value - exact) <= printed.half + reach + 1e-9:
                names = (printed.name, *(part.name for part in given))
                confirmed.append((names, words.format(f"{printed.value:g}")))
    return confirmed


def _change(formula: Formula, given: Sequence[_Printed], index: int, exact: float) -> float:
    """The greatest change of the result if the number `index` is changed by its rounding."""
    results = []
    for sign in (-1, 1):
        values = [part.value + (sign * part.half if i == index else 0) for i, part in enumerate(given)]
        results.append(abs(formula(*values) - exact))
    return max(results)


def _yield(table: _Table, cells: Sequence[Cell], vocabulary: Vocabulary | None) -> list[tuple[tuple[str, ...], str]]:
    """Whether the yield is the share of the first bin in the total."""
    rate, total = table.get(("yield_rate", "")), table.get(("total", ""))
    if not (rate and total and total.value > 0):
        return []
    for cell in cells:
        meaning = parse_statistic(cell.name, vocabulary) if cell.label is None else None
        count = cell.number
        if meaning and meaning.kind == "bin" and count and not cell.name.endswith("%"):
            share = 100 * count.value / total.value
            if abs(share - rate.value) <= rate.half + 1e-9:
                return [((rate.name, cell.name, total.name), f"{rate.value:g}% of {total.value:g} is {count.value:g}")]
    return []
