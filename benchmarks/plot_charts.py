"""Pictures without a dot plot: charts of other kinds, and tables."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

BLUE, RED, BLACK, GREY = "#1f77b4", "#d62728", "#000000", "#777777"


def draw_chart(kind: str, rng: np.random.Generator) -> Image.Image:
    """A picture without a dot plot: a chart of another kind, or a table."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 5), dpi=100)
    canvas = FigureCanvasAgg(figure)
    CHARTS[kind](figure.add_subplot(), rng)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())


def _histogram(axes: Any, rng: np.random.Generator) -> None:
    axes.hist(rng.normal(size=500), bins=25, edgecolor=rng.choice(["none", "black"]))


def _bars(axes: Any, rng: np.random.Generator) -> None:
    axes.bar(range(8), rng.uniform(1, 9, 8), color=rng.choice([BLUE, GREY, RED]))


def _lines(axes: Any, rng: np.random.Generator) -> None:
    for _ in range(2):
        axes.plot(np.cumsum(rng.normal(size=200)))
    axes.grid(True)


def _control(axes: Any, rng: np.random.Generator) -> None:
    axes.plot(rng.normal(size=40), "o-", color=rng.choice([BLUE, BLACK]), markersize=4, linewidth=1)
    for level, colour in ((-3, "red"), (0, "green"), (3, "red")):
        axes.axhline(level, color=colour)


def _markers(axes: Any, rng: np.random.Generator) -> None:
    axes.plot(rng.normal(size=60), ".", color=rng.choice([RED, BLACK]), markersize=6)
    axes.axhline(0, color="black")


def _pie(axes: Any, rng: np.random.Generator) -> None:
    axes.pie(rng.uniform(1, 5, 5), wedgeprops={"edgecolor": rng.choice(["white", "black"])}, labels=list("ABCDE"))


def _heatmap(axes: Any, rng: np.random.Generator) -> None:
    axes.imshow(rng.normal(size=(20, 20)), cmap="viridis")


def _box_plot(axes: Any, rng: np.random.Generator) -> None:
    axes.boxplot([rng.standard_t(3, 100) for _ in range(5)])


def _ruled_table(axes: Any, rng: np.random.Generator) -> None:
    axes.axis("off")
    cells = [[f"{value:.2f}" for value in row] for row in rng.normal(size=(12, 5))]
    axes.table(cells, colLabels=list("ABCDE"), loc="center", bbox=(0, 0, 1, 1))


CHARTS: dict[str, Callable[[Any, np.random.Generator], None]] = {
    "histogram": _histogram,
    "bars": _bars,
    "lines": _lines,
    "control chart": _control,
    "run of markers": _markers,
    "pie": _pie,
    "heat map": _heatmap,
    "box plot": _box_plot,
    "ruled table": _ruled_table,
}
