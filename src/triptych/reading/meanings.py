"""Meanings of fields as a person writes them, such as `total`, `3 sigma_y` and `ring_2_4`, to and from a `Label`."""

import re

from triptych.reading.printed_names import Label, Ring
from triptych.reading.units import UNITS, tidy
from triptych.records.fields import MOMENTS, TOTAL, ring_bounds, ring_name

RING_DECIMALS = 6  # of the radii in a ring's name, which are exact
VARIANCES = ("variance_x", "variance_y")
EXAMPLES = f"{TOTAL}, {', '.join((*MOMENTS, *VARIANCES))}, 3 sigma_x (for 3σ), ring_2_4, ring_20_inf"

_STATISTIC = re.compile(r"(?:(\d+(?:\.\d+)?) )?(mean|sigma|variance)_([xy])")


def parse_meaning(meaning: str, unit: str | None = None) -> Label:
    """The label of a `meaning`, printed in `unit` (one of `UNITS`); the radii of a ring are in micrometres.

    Raises:
        ValueError: there is no such meaning or unit, or the meaning has no unit.
    """
    if match := _STATISTIC.fullmatch(meaning):
        micrometres = None if unit is None else parse_unit_name(unit)
        if (times := float(match[1] or 1)) > 0:
            return Label(match[2], match[3], None, micrometres, times)  # type: ignore[arg-type]
    bounds = ring_bounds(meaning)
    if meaning != TOTAL and not (bounds and bounds[0] < bounds[1]):
        raise ValueError(f"{meaning!r} is not a meaning; allowed are {EXAMPLES}")
    if unit is not None:
        raise ValueError(f"{meaning} has no unit; leave it out")
    return Label(ring=Ring(*bounds, RING_DECIMALS), unit=1.0) if bounds else Label("total")


def is_meaning(name: str) -> bool:
    """Whether `name` is a meaning."""
    try:
        parse_meaning(name)
    except ValueError:
        return False
    return True


def parse_unit_name(unit: str) -> float:
    """The micrometres in `unit`.

    Raises:
        ValueError: there is no such unit.
    """
    if (found := UNITS.get(tidy(unit).lower())) is None:
        raise ValueError(f"{unit!r} is not a unit; allowed are {', '.join(UNITS)}")
    return found


def meaning_of(label: Label) -> str | None:
    """The meaning of `label`, which `parse_meaning` reads; None if the label is incomplete."""
    if label.ring:
        return ring_name(*label.ring.bounds(label.unit or 1.0))
    if label.field is None or label.statistic == "total":
        return label.field
    times = "" if label.multiple == 1 else f"{label.multiple:g} "
    return f"{times}{label.statistic}_{label.axis}"


def unit_of(label: Label) -> str | None:
    """The name of the unit of `label`; None if it has none, as a ring or a count."""
    if label.ring or label.unit is None or label.statistic == "total":
        return None
    return unit_name(label.unit)


def unit_name(micrometres: float) -> str:
    """The name of the unit of so many `micrometres`, which is one of `UNITS`."""
    return next(name for name, value in UNITS.items() if value == micrometres)
