"""A record as a machine or a program prints it, and what is printed in it."""

import io
import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
from browser import screenshots
from PIL import Image

from triptych.records.fields import TOTAL, ring_name

ZONES = (0.0, 2.0, 4.0, 6.0, 8.0, math.inf)  # um
MM, MIL, INCH = 1000.0, 25.4, 25400.0  # um


@dataclass(frozen=True)
class Printed:
    """A printed number.

    Attributes:
        value: the number in the printed unit, rounded as printed; None where there is a dash or `n/a`.
        um: micrometres in the printed unit.
        other: another name under which the number counts as read.
    """

    value: float | None
    um: float = 1.0
    other: str = ""


@dataclass
class Sheet:
    """Measures the holes of one record, prints numbers, and keeps what it printed.

    `printed` has the numbers under Triptych's names or, if it has none for them, under the printed names. `words` has
    the printed words under their names.
    """

    rng: np.random.Generator
    comma: bool = False
    group: str = ""
    holes: tuple[int, int] = (150, 1900)
    printed: dict[str, Printed] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mean, sigma = self.rng.normal(0, 1.8, 2), self.rng.uniform(1.0, 2.8, 2)
        self.points = self.rng.normal(mean, sigma, (int(self.rng.integers(*self.holes)), 2))
        self.limit = float(self.rng.choice([8.0, 10.0, 12.5, 15.0]))  # um from zero to the specification limits
        self.stats = {axis: self._statistics(self.points[:, i]) for i, axis in enumerate("XY")}
        self.stats["R"] = self._statistics(np.hypot(self.points[:, 0], self.points[:, 1]))

    def _statistics(self, values: np.ndarray) -> dict[str, float]:
        mean, sigma, low, high = values.mean(), values.std(), values.min(), values.max()
        known = {"mean": mean, "sigma": sigma, "min": low, "max": high, "range": high - low}
        known |= {"median": np.median(values), "cv": 100 * sigma / max(abs(mean), 0.05), "usl": self.limit}
        known |= {"lsl": -self.limit, "cp": self.limit / (3 * sigma), "cpk": (self.limit - abs(mean)) / (3 * sigma)}
        known |= {"3sigma": 3 * sigma, "ave3s": abs(mean) + 3 * sigma, "n": len(values), "variance": sigma**2}
        return {name: float(value) for name, value in known.items()}

    def number(self, name: str, value: float, places: int = 2, um: float = 1.0, form: str = "", other: str = "") -> str:
        """Print `value`, given in micrometres if `um` is not 1, under `name`."""
        text = format(value / um, form or f",.{places}f")
        if float(text.replace(",", "")) == 0 and text.startswith("-"):
            text = text[1:]
        self.printed[name] = Printed(float(text.replace(",", "")), um, other)
        return text.translate({ord(","): self.group, ord("."): "," if self.comma else "."})

    def stat(self, axis: str, key: str, label: str = "", places: int = 2, um: float = 1.0, form: str = "") -> str:
        """Print a statistic of an axis; `label` is its name where Triptych has none."""
        if key == "n":
            return self.number(TOTAL, self.stats[axis][key], 0, other=label)
        known = axis in "XY" and key in ("mean", "sigma")
        named = re.search(rf"(?<![a-z]){axis}(?![a-z])", label, re.IGNORECASE)
        name = f"{key}_{axis.lower()}" if known else label if named else f"{axis} {label}"
        return self.number(name, self.stats[axis][key], places, um, form)

    def total(self, label: str = "") -> str:
        """Print the number of holes; `label` is a printed name that may also keep its own meaning."""
        return self.number(TOTAL, len(self.points), 0, other=label)

    def zones(self, between: str, above: str) -> list[tuple[str, str]]:
        """Print the number of holes in each zone; the names are `between` and `above` with the radii filled in."""
        radius = np.hypot(self.points[:, 0], self.points[:, 1])
        rows = []
        for low, high in itertools.pairwise(ZONES):
            name = (above if math.isinf(high) else between).format(f"{low:g}", f"{high:g}")
            rows.append((name, self.number(ring_name(low, high), ((radius >= low) & (radius < high)).sum(), 0)))
        return rows

    def missing(self, name: str, text: str = "--") -> str:
        """Print that there is no value."""
        self.printed[name] = Printed(None)
        return text

    def word(self, name: str, text: str) -> str:
        """Print a word under `name`."""
        self.words[name] = text
        return escape(text)

    def lot(self) -> str:
        """A lot number."""
        return f"{self.rng.choice(list('ABHKLW'))}{self.rng.integers(10000, 99999)}"

    def date(self, pattern: str = "{y}-{m:02d}-{d:02d}") -> str:
        """A date."""
        return pattern.format(y=2025, m=self.rng.integers(1, 13), d=self.rng.integers(1, 29))

    def time(self) -> str:
        """A time of day."""
        return f"{self.rng.integers(6, 22):02d}:{self.rng.integers(0, 60):02d}"


def _unspoilt(picture: Image.Image) -> Image.Image:
    return picture


@dataclass(frozen=True)
class Vendor:
    """A layout: a function that prints a record as HTML, and how the picture is taken."""

    name: str
    language: str
    font: str
    page: Callable[[Sheet], str]
    style: str = ""
    size: tuple[int, int] = (1000, 600)
    scale: float = 1.0
    comma: bool = False
    group: str = ""
    holes: tuple[int, int] = (150, 1900)
    spoil: Callable[[Image.Image], Image.Image] = _unspoilt


def draw(layout: Vendor, count: int, seed: int, folder: Path) -> list[tuple[Image.Image, Sheet]]:
    """`count` records in `layout`: their pictures, and the sheets with what is printed in them."""
    rng = np.random.default_rng(seed)
    sheets = [Sheet(rng, layout.comma, layout.group, layout.holes) for _ in range(count)]
    style = "body>div{box-sizing:border-box;padding:6px 14px}table{border-collapse:collapse}"
    style += f"body{{font:16px '{layout.font}';background:#fff;color:#111}}{layout.style}"
    pictures = screenshots([layout.page(sheet) for sheet in sheets], style, layout.size, folder, layout.scale)
    return [(layout.spoil(picture), sheet) for picture, sheet in zip(pictures, sheets, strict=True)]


def table(rows: Sequence[Sequence[str]], head: int = 0, place: str = "") -> str:
    """An HTML table; its first `head` rows are headings. `place` is CSS."""
    lines = []
    for i, row in enumerate(rows):
        tag = "th" if i < head else "td"
        lines.append("<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in row) + "</tr>")
    return f"<table style='{place}'>{''.join(lines)}</table>"


def grid(
    sheet: Sheet,
    heads: Sequence[tuple[str, str]],
    axes: str = "XY",
    turned: bool = False,
    corner: str = "",
    place: str = "",
) -> str:
    """A table of the statistics `heads`, pairs of a key and its label, with a row for each axis; `turned`: a column."""
    body = [[axis, *(sheet.stat(axis, key, label) for key, label in heads)] for axis in axes]
    rows = [[corner, *(label for _, label in heads)], *body]
    if turned:
        rows = [list(row) for row in zip(*rows, strict=True)]
    return table(rows, 1, place)


def jpeg(picture: Image.Image, quality: int = 60) -> Image.Image:
    """The picture after JPEG compression."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def on_side(picture: Image.Image) -> Image.Image:
    """The picture on its side."""
    return picture.transpose(Image.Transpose.ROTATE_90)


def scanned(picture: Image.Image) -> Image.Image:
    """The picture as a scan: turned by one degree, grey and noisy, compressed."""
    grey = np.asarray(picture.rotate(1.0, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)).convert("L"), float)
    noise = np.random.default_rng(0).normal(0, 5, grey.shape)
    levels = np.clip(grey * 0.88 + 14 + noise, 0, 255).astype(np.uint8)
    return jpeg(Image.fromarray(levels).convert("RGB"), 75)
