"""The limits of the cache's size and age, from environment variables."""

import os
import re
from dataclasses import dataclass
from typing import Self

from triptych.errors import TriptychError

SIZE, AGE = "4GB", "90"  # the defaults of TRIPTYCH_CACHE_SIZE and TRIPTYCH_CACHE_DAYS
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True)
class Limits:
    """The greatest size of a cache in bytes (0: no cache), and the greatest age of an unused entry in days."""

    size: int
    days: float

    @classmethod
    def from_environment(cls) -> Self:
        """The limits in `TRIPTYCH_CACHE_SIZE` (such as `500MB`) and `TRIPTYCH_CACHE_DAYS`.

        Raises:
            TriptychError: a variable has an invalid value.
        """
        days = os.environ.get("TRIPTYCH_CACHE_DAYS") or AGE
        if not re.fullmatch(r"\d+(\.\d+)?", days):
            raise TriptychError(f"TRIPTYCH_CACHE_DAYS={days}: expected a number of days, such as {AGE}")
        return cls(parse_size(os.environ.get("TRIPTYCH_CACHE_SIZE") or SIZE, "TRIPTYCH_CACHE_SIZE"), float(days))


def parse_size(text: str, name: str) -> int:
    """Bytes from a text such as `500MB` or `2 GiB`; `name` is used in error messages.

    Raises:
        TriptychError: `text` is not a size.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", text.strip(), re.IGNORECASE)
    if not match:
        raise TriptychError(f"{name}={text}: expected a size such as 500MB or {SIZE}; 0 switches the cache off")
    number, unit, binary = match.groups()
    scale = UNITS[unit.upper()]
    return int(float(number) * (scale if not binary else 2 ** (10 * list(UNITS.values()).index(scale))))
