"""Plots for the layouts of factories, as SVG. A place is CSS; a size is (width, height) in pixels."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray


def svg(size: tuple[int, int], body: str, place: str) -> str:
    """An SVG element with `body` in it."""
    return f"<svg width='{size[0]}' height='{size[1]}' style='{place}'>{body}</svg>"


def target(points: NDArray[np.float64], edge: float, width: int, colour: str, place: str) -> str:
    """Crosses at `points` [n, 2] on the rings of a target, the outermost with radius `edge`."""
    centre, radius = width / 2, width / 2 - 6
    rings = "".join(
        f"<circle cx='{centre}' cy='{centre}' r='{radius * share}' fill='none' stroke='#555'/>" for share in (0.5, 1)
    )
    axes = f"<path d='M{centre} 0V{width}M0 {centre}H{width}' stroke='#999' stroke-dasharray='5 3'/>"
    places = centre + points * (radius / edge, -radius / edge)
    marks = "".join(f"M{x - 2:.1f} {y:.1f}h4m-2 -2v4" for x, y in places)
    return svg((width, width), f"{rings}{axes}<path d='{marks}' stroke='{colour}' fill='none'/>", place)


def trend(
    values: NDArray[np.float64],
    lines: Sequence[float],
    size: tuple[int, int],
    colour: str,
    place: str,
    ticks: str,
    point: str = ".",
) -> str:
    """A line through `values`, with dashed lines at `lines`; `ticks` is the format of the labels of the axis."""
    width, height = size
    every = [*values.tolist(), *lines]
    low, high = min(every), max(every)
    left = 48

    def down(value: float) -> float:
        return 8 + (height - 16) * (high - value) / (high - low)

    across = np.linspace(left + 6, width - 6, len(values))
    path = " ".join(f"{x:.1f},{down(value):.1f}" for x, value in zip(across, values, strict=True))
    marks = "".join(
        f"<rect x='{x - 2.5:.1f}' y='{down(value) - 2.5:.1f}' width='5' height='5' fill='{colour}'/>"
        for x, value in zip(across, values, strict=True)
    )
    limits = "".join(
        f"<path d='M{left} {down(line):.1f}H{width}' stroke='#c33' stroke-dasharray='6 4'/>" for line in lines
    )
    font = "font-size='11' text-anchor='end' fill='#555'"
    labels = "".join(
        f"<text x='{left - 4}' y='{down(tick) + 4:.1f}' {font}>{format(tick, ticks).replace('.', point)}</text>"
        for tick in (low, high)
    )
    frame = f"<path d='M{left} 0V{height - 1}H{width}' stroke='#777' fill='none'/>"
    return svg(size, f"{frame}{limits}{labels}<polyline points='{path}' stroke='{colour}' fill='none'/>{marks}", place)


def histogram(values: NDArray[np.float64], bins: int, size: tuple[int, int], colour: str, place: str) -> str:
    """A histogram of `values`."""
    counts, _ = np.histogram(values, bins)
    return bars((counts / counts.max()).tolist(), size, colour, place)


def bars(shares: Sequence[float], size: tuple[int, int], colour: str, place: str) -> str:
    """Upright bars, as high as `shares` of the plot's height."""
    width, height = size
    step = (width - 10) / len(shares)
    boxes = "".join(
        f"<rect x='{6 + i * step:.1f}' y='{(height - 2) * (1 - share):.1f}' width='{step - 1:.1f}' "
        f"height='{(height - 2) * share:.1f}' fill='{colour}' stroke='#444'/>"
        for i, share in enumerate(shares)
    )
    return svg(size, f"{boxes}<path d='M5 0V{height - 1}H{width}' stroke='#444' fill='none'/>", place)


def disc(count: int) -> list[tuple[int, int]]:
    """The columns and rows of the dies of a wafer that is `count` dies wide."""
    middle = (count - 1) / 2
    each = range(count)
    return [(i, j) for j in each for i in each if np.hypot(i - middle, j - middle) <= count / 2]


def wafer(count: int, colour: Callable[[int, int], str], width: int, place: str) -> str:
    """A wafer `count` dies wide, with a notch; `colour` gives the colour of the die in a column and row."""
    step = (width - 12) / count
    dies = "".join(
        f"<rect x='{6 + i * step:.1f}' y='{6 + j * step:.1f}' width='{step - 1:.1f}' height='{step - 1:.1f}' "
        f"fill='{colour(i, j)}'/>"
        for i, j in disc(count)
    )
    half = width / 2
    edge = f"<circle cx='{half}' cy='{half}' r='{half - 1}' fill='none' stroke='#666'/>"
    return svg((width, width), f"{edge}{dies}<circle cx='{half}' cy='{width - 2}' r='5' fill='#666'/>", place)
