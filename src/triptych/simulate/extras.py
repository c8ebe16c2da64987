"""Fields on a sheet besides the readings: a reader must keep such fields, although it does not know them."""

import datetime as dt
from collections.abc import Callable

import numpy as np

from triptych.simulate.layout_spec import LayoutSpec

FIRST_DAY, DAYS = dt.date(2024, 1, 1), 366

EXTRAS: dict[str, Callable[[np.random.Generator], str]] = {
    "Machine": lambda rng: f"DM-{rng.integers(1, 25):02d}",
    "Lot": lambda rng: f"K{rng.integers(10_000, 99_999)}",
    "Tool": lambda rng: str(rng.integers(1, 61)),
    "Date": lambda rng: (FIRST_DAY + dt.timedelta(days=int(rng.integers(DAYS)))).isoformat(),
}


def draw_extras(layout: LayoutSpec, rng: np.random.Generator) -> dict[str, str]:
    """Values for the extra fields of `layout`, drawn independently of the holes; empty if it has none."""
    names = [name for name, _ in layout.extras.fields] if layout.extras else []
    return {name: EXTRAS[name](rng) for name in names}
