"""Formats the names of readings and losses, and numbers, for a report."""

import math

from triptych.records.fields import MEAN_X, MEAN_Y, MOMENTS, SIGMA_X, SIGMA_Y, TOTAL, ring_bounds

NONE = "–"  # shown for a missing value

_READINGS = {TOTAL: "Holes", MEAN_X: "Mean x", MEAN_Y: "Mean y", SIGMA_X: "Sigma x", SIGMA_Y: "Sigma y"}
_LOSSES = {
    "cross_entropy": "cross-entropy",
    "itc_llm": "image with LLM",
    "itc_vlm": "image with VLM",
    "itc_pending": "pending records",
}


def reading_name(name: str) -> str:
    """The table heading of the field `name`: `ring_2_4` is `2 to 4 µm`; an unknown field keeps its name."""
    if bounds := ring_bounds(name):
        low, high = bounds
        return f"Beyond {low:g} µm" if math.isinf(high) else f"{low:g} to {high:g} µm"
    return _READINGS.get(name, name)


def reading_value(name: str, value: float | str) -> str:
    """A reading with its unit, if known."""
    if isinstance(value, str):
        return value
    return f"{value:.2f} µm" if name in MOMENTS else f"{value:.6g}"


def loss_name(name: str) -> str:
    """The name of the loss `name` in a legend."""
    return _LOSSES.get(name, name.replace("_", " "))


def percent(value: float | None) -> str:
    """A score in percent, to one decimal."""
    return NONE if value is None else f"{value:.1f}"


def share(value: float) -> str:
    """A probability, 0..1, in whole percent; only 0 is shown as 0%, and only 1 as 100%."""
    whole = round(100 * value)
    if whole == 100 and value < 1:
        return ">99%"
    if whole == 0 and value > 0:
        return "<1%"
    return f"{whole}%"


def count(n: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
