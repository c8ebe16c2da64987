"""Words that a sheet carries besides its readings: a reader must keep such fields, though it cannot know them."""

import datetime as dt
from collections.abc import Callable

import numpy as np

from triptych.simulate.layout import Layout

FIRST_DAY, DAYS = dt.date(2024, 1, 1), 366

EXTRAS: dict[str, Callable[[np.random.Generator], str]] = {
    "Machine": lambda rng: f"DM-{rng.integers(1, 25):02d}",
    "Lot": lambda rng: f"K{rng.integers(10_000, 99_999)}",
    "Tool": lambda rng: str(rng.integers(1, 61)),
    "Date": lambda rng: (FIRST_DAY + dt.timedelta(days=int(rng.integers(DAYS)))).isoformat(),
}


def draw_extras(layout: Layout, rng: np.random.Generator) -> dict[str, str]:
    """Words for the extra fields of `layout`, drawn without regard to the holes; empty where it has none."""
    names = [name for name, _ in layout.extras.fields] if layout.extras else []
    return {name: EXTRAS[name](rng) for name in names}
