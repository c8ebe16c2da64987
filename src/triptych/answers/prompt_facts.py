"""The text of g (equation 1): checked numbers, stated so that a language model need not calculate.

Small models compare numbers badly, so every comparison is made here: where the mean lies, whether a sigma is above its
limit, which axis is longer, how capable the process is. A fact may have a sign, the vocabulary of the defect book.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from triptych.answers.defect_book import Limits, Sign
from triptych.records import Readings
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL, ring_bounds, ring_names

RING_SHARES = (0.5, 0.9, 0.99)
PAIRS = ((MEAN_X, MEAN_Y), (SIGMA_X, SIGMA_Y))  # stated together


@dataclass(frozen=True)
class Fact:
    """One statement about the readings, its sign, if any, and the sign as a phrase without numbers."""

    sentence: str
    sign: Sign | None = None
    phrase: str = ""


def state_facts(readings: Readings, limits: Limits) -> tuple[Fact, ...]:
    """The statements about `readings`; fields that no statement covers are listed with their values."""
    numbers = {name: value for name, value in readings.items() if isinstance(value, float)}
    rings = list(_rings(numbers))
    facts = [*_moments(numbers, limits), *rings]
    covered = {TOTAL} if _is_count(numbers.get(TOTAL, -1.0)) else set()
    covered |= {name for pair in PAIRS if numbers.keys() >= set(pair) for name in pair}
    covered |= set(ring_names(numbers)) if rings else set()
    facts += [Fact(_unknown_field(name, value)) for name, value in readings.items() if name not in covered]
    return tuple(facts)


def direction(x: float, y: float) -> str:
    """The direction of the vector (x, y), y upwards, as a phrase: `to the right`, `to the lower left`."""
    octant = round(math.atan2(y, x) / (math.pi / 4)) % 8
    names = ("right", "upper right", "top", "upper left", "left", "lower left", "bottom", "lower right")
    return f"to the {names[octant]}"


def _moments(numbers: dict[str, float], limits: Limits) -> Iterator[Fact]:
    if TOTAL in numbers and _is_count(numbers[TOTAL]):
        yield Fact(f"There are {numbers[TOTAL]:.0f} holes.")
    if MEAN_X in numbers and MEAN_Y in numbers:
        yield _position(numbers[MEAN_X], numbers[MEAN_Y], limits)
    if SIGMA_X in numbers and SIGMA_Y in numbers:
        yield _spread(numbers[SIGMA_X], numbers[SIGMA_Y], limits)
        yield _stretch(numbers[SIGMA_X], numbers[SIGMA_Y], limits)
    for axis, mean, sigma in (("x", MEAN_X, SIGMA_X), ("y", MEAN_Y, SIGMA_Y)):
        if numbers.get(sigma, 0) > 0 and mean in numbers:
            cpk = (limits.tolerance - abs(numbers[mean])) / (3 * numbers[sigma])
            yield Fact(f"Cpk along {axis} is {cpk:.2f}, {'capable' if cpk >= 1.33 else 'not capable'}.")


def _position(x: float, y: float, limits: Limits) -> Fact:
    offset = math.hypot(x, y)
    where = f"The mean lies at ({x:+.2f}, {y:+.2f}) um"
    if offset <= limits.centre:
        return Fact(f"{where}, centred within {limits.centre:g} um.", "centred", "centred")
    how = f"{'far shifted' if offset > 2 * limits.centre else 'shifted'} {direction(x, y)}"
    return Fact(f"{where}, {how} by {offset:.1f} um.", "shifted", how)


def _spread(x: float, y: float, limits: Limits) -> Fact:
    spread = math.hypot(x, y) / math.sqrt(2)
    said = f"Sigma is {x:.2f} um along x and {y:.2f} um along y"
    if spread <= limits.spread:
        return Fact(f"{said}, tight, within the limit of {limits.spread:g} um.", "tight", "tight")
    how = "very wide" if spread > 1.35 * limits.spread else "wide"
    return Fact(f"{said}, {how}, above the limit of {limits.spread:g} um.", "wide", how)


def _stretch(x: float, y: float, limits: Limits) -> Fact:
    ratio = max(x, y) / max(min(x, y), 1e-9)
    if ratio <= limits.stretch:
        return Fact("The spread is round, about equal along both axes.", "round", "round")
    how = f"stretched along {'x' if x > y else 'y'}"
    return Fact(f"The spread is {how} by a factor of {ratio:.2f}.", "stretched", how)


def _rings(numbers: dict[str, float]) -> Iterator[Fact]:
    """The radii that contain the shares RING_SHARES of the holes, if rings and total are known."""
    rings, total = ring_names(numbers), numbers.get(TOTAL, 0.0)
    shares = [share for share in RING_SHARES if total > 0]
    within, parts = 0.0, []
    for name in rings:
        within += numbers[name]
        high = (ring_bounds(name) or (0.0, math.inf))[1]
        while shares and math.isfinite(high) and within >= shares[0] * total:
            parts.append(f"{100 * shares.pop(0):.0f}% within {high:g} um")
    if parts:
        yield Fact(f"Of the holes, {', '.join(parts)}.")


def _unknown_field(name: str, value: float | str) -> str:
    """The name and the value of an unknown field, as a sentence."""
    said = _digits(value) if isinstance(value, float) else value.strip()
    return f"{name.replace('_', ' ')}: {said.rstrip('.')}."


def _digits(value: float) -> str:
    """A number with four significant digits; large numbers, such as timestamps, keep all digits."""
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.15g}"


def _is_count(value: float) -> bool:
    """Whether `value` can be a number of holes; a column of that name may hold something else, such as a price."""
    return value >= 0 and value.is_integer()
