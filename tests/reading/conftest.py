"""Fixtures for the tests of reading: plots of known points, pages with text, and one OCR engine."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from triptych.cache import Cache
from triptych.reading.cached_engine import CachedEngine
from triptych.reading.ocr import RapidOCREngine

RADIUS = 150  # px of the outer circle, which is 20 um
CENTER = (200, 200)
SUPERSAMPLING = 4


def _draw_plot(
    points: NDArray[np.float64],
    colour: tuple[int, int, int] = (255, 64, 160),
    dot: float = 2.0,
    circles: tuple[float, ...] = (1.0, 0.5),
    frame: bool = True,
    size: tuple[int, int] = (400, 400),
) -> Image.Image:
    """A plot of `points` [n, 2] in um, y upwards, drawn large and averaged down so that positions are exact."""
    s = SUPERSAMPLING
    picture = Image.new("RGB", (size[0] * s, size[1] * s), "white")
    pen = ImageDraw.Draw(picture)
    x, y = CENTER

    def disc(cx: float, cy: float, r: float) -> list[float]:
        return [(cx - r + 0.5) * s, (cy - r + 0.5) * s, (cx + r + 0.5) * s, (cy + r + 0.5) * s]

    for circle in circles:
        pen.ellipse(disc(x, y, circle * RADIUS), outline=(130, 130, 130), width=s)
    for px, py in points:
        pen.ellipse(disc(x + px * RADIUS / 20, y - py * RADIUS / 20, dot), fill=colour)
    if frame:
        pen.rectangle(disc(x, y, RADIUS + 12), outline=(30, 30, 30), width=2 * s)
    return picture.resize(size, Image.Resampling.BOX)


def _draw_lines(
    lines: list[tuple[float, float, str]], size: tuple[int, int] = (400, 300), font: int = 18
) -> Image.Image:
    """A white page with black texts, each at its (x, y)."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for x, y, text in lines:
        pen.text((x, y), text, fill="black", font=ImageFont.load_default(font))
    return picture


def _cloud(n: int, mean: tuple[float, float], sigma: tuple[float, float], seed: int = 0) -> NDArray[np.float64]:
    """`n` points of a normal distribution, in um."""
    return np.random.default_rng(seed).normal(mean, sigma, size=(n, 2))


@pytest.fixture
def draw_plot():
    """A function that draws points as a plot; its outer circle is 20 um and `RADIUS` px."""
    return _draw_plot


@pytest.fixture
def draw_lines():
    """A function that draws texts at positions on a page."""
    return _draw_lines


@pytest.fixture
def cloud():
    """A function that draws normal points."""
    return _cloud


@pytest.fixture(scope="session")
def engine():
    """The built-in engine; several tests read the same pictures, which are searched for text once."""
    return CachedEngine(RapidOCREngine(), Cache())
