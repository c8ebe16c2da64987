"""Options that state promises and costs, as settings of the configuration."""

import math

import click

from triptych.cli.common import options
from triptych.errors import InputError

PROMISES = options(
    click.option("--max-escape", metavar="RATE", help="Promise: share of defective records released as normal."),
    click.option("--max-overkill", metavar="RATE", help="Promise: share of normal records released as defective."),
    click.option("--per-class", is_flag=True, help="Promise the escape rate of each defect class, too."),
    click.option("--costs", metavar="E,O,R", help="Instead: costs of an escape, an overkill and a review."),
)


def decision_settings(
    max_escape: str | None, max_overkill: str | None, per_class: bool, costs: str | None
) -> tuple[str, ...]:
    """The settings `decision.*=...` for the options that were given.

    Raises:
        InputError: a rate is not between 0 and 1, or the costs are not three numbers.
    """
    rates = {"max_escape": max_escape, "max_overkill": max_overkill}
    found = [f"decision.{name}={rate_of(text, name)}" for name, text in rates.items() if text is not None]
    if per_class:
        found.append("decision.per_class=true")
    if costs is not None:
        found.append(f"decision.costs={_costs_of(costs)}")
    return tuple(found)


def rate_of(text: str, name: str) -> float:
    """The rate that `text` means: `0.5%` and `0.005` are the same.

    Raises:
        InputError: it is not between 0 and 1.
    """
    number = _number(text.removesuffix("%"))
    rate = number / 100 if text.endswith("%") else number
    if not 0 < rate < 1:
        option = name.replace("_", "-")
        raise InputError(
            f"--{option}: {text!r} is not a rate; give a percentage such as 0.5%, or a share such as 0.005"
        )
    return rate


def _costs_of(text: str) -> list[float]:
    numbers = [_number(part) for part in text.split(",")]
    if len(numbers) != 3 or not all(math.isfinite(number) and number >= 0 for number in numbers):
        raise InputError(
            f"--costs: {text!r} is not three numbers of at least 0; give ESCAPE,OVERKILL,REVIEW, as 100,5,1"
        )
    return numbers


def _number(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        return math.nan
