"""Draws pages of HTML with chromium, and plots for them."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def screenshots(
    pages: Sequence[str], style: str, size: tuple[int, int], folder: Path, scale: float = 1.0
) -> list[Image.Image]:
    """The pictures of `pages`, each `size` (width, height) CSS pixels large and `scale` pixels to a CSS pixel."""
    width, height = size
    box = f"position:relative;width:{width}px;height:{height}px;overflow:hidden"
    html = "".join(f"<div style='{box}'>{page}</div>" for page in pages)
    source, target = folder / "page.html", folder / "page.png"
    source.write_text(f"<meta charset='utf-8'><style>body{{margin:0}}{style}</style>{html}", encoding="utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={target}",
         f"--force-device-scale-factor={scale}", f"--window-size={width},{height * len(pages)}", source.as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    whole = Image.open(target).convert("RGB")
    wide, high = round(width * scale), round(height * scale)
    return [whole.crop((0, i * high, wide, (i + 1) * high)) for i in range(len(pages))]


def scatter(points: NDArray[np.float64], um: float, dots: str, line: str, place: str) -> str:
    """An SVG plot of `points` [n, 2] in um, 420 px wide, with `um` in the radius of its outer circle.

    `dots` and `line` are colours; `place` is CSS.
    """
    radius, centre = 180, 210
    circles = "".join(
        f"<circle cx='{centre}' cy='{centre}' r='{radius * share}' fill='none' stroke='{line}'/>"
        for share in (1, 2 / 3, 1 / 3)
    )
    cross = f"<path d='M{centre} 10V410M10 {centre}H410M10 10H410V410H10Z' stroke='{line}' fill='none'/>"
    places = centre + points * (radius / um, -radius / um)
    marks = "".join(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='2.2' fill='{dots}'/>" for x, y in places)
    box = "viewBox='0 0 420 420' width='420' height='420'"
    return f"<svg {box} style='position:absolute;{place}'>{circles}{cross}{marks}</svg>"
