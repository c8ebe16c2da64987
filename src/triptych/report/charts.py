"""Training curves as SVG: computes the geometry of the line charts, which the page's templates render.

There is one chart per kind of phase. Alignment has a stage for each share of the training set. Its stages are side by
side in one chart, without lines between them, because each stage starts anew with other records.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from triptych.report.formatting import loss_name

TITLES = {"warm-up": "Warm-up", "align": "Alignment", "fusion": "Fusion"}


@dataclass(frozen=True)
class Frame:
    """The size of every chart and the position of its axes, in px; the page scales it."""

    width: int = 420
    height: int = 250
    left: int = 40
    right: int = 410
    top: int = 24
    bottom: int = 222


FRAME = Frame()


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, `at` px along it."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """One loss over a chart's epochs.

    Attributes:
        name: as in the legend.
        path: SVG path data of the stages with several epochs.
        dots: that of the stages with a single one.
        first: its first finite value, or NaN if there is none.
        last: its last one.
    """

    name: str
    path: str
    dots: str
    first: float
    last: float


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes:
        title: the kind of phase.
        epochs: the number of epochs.
        lines: its losses.
        x_ticks: epochs.
        y_ticks: losses.
        stages: the name of each stage at the centre of its epochs; empty for a phase without stages.
        borders: px, the boundaries between stages.
        broken: epochs with a loss that is not finite.
    """

    title: str
    epochs: int
    lines: list[Line]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    stages: list[Tick]
    borders: list[float]
    broken: int

    @property
    def description(self) -> str:
        """A text alternative for the chart, for screen readers."""
        runs = ", ".join(f"{line.name} from {line.first:.2f} to {line.last:.2f}" for line in self.lines)
        return f"{self.title}, {self.epochs} epochs: {runs}."


Epoch = Mapping[str, Any]
Stage = tuple[str, list[Epoch]]


def draw_charts(curves: Sequence[Epoch]) -> list[Chart]:
    """The charts of a run, in the order of its phases; `curves` as in `ReportData`."""
    by_stage = [(phase, list(epochs)) for phase, epochs in groupby(curves, key=lambda epoch: str(epoch["phase"]))]
    by_kind = groupby(by_stage, key=lambda stage: stage[0].partition(" ")[0])
    return [_draw_chart(kind, list(stages)) for kind, stages in by_kind]


def nice_ticks(top: float, most: int = 5) -> list[float]:
    """Round numbers from 0 to the first at or above `top`: at most `most` steps of 1, 2 or 5 times a power of 10."""
    if top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / most))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit * most >= top * (1 - 1e-9))
    return [index * step for index in range(math.ceil(top / step - 1e-9) + 1)]


def _draw_chart(kind: str, stages: list[Stage]) -> Chart:
    lengths = [len(epochs) for _, epochs in stages]
    starts = [sum(lengths[:index]) for index in range(len(stages) + 1)]
    epochs = [epoch for _, stage in stages for epoch in stage]
    finite = [value for epoch in epochs for value in epoch["losses"].values() if math.isfinite(value)]
    y_values = nice_ticks(max(finite, default=0.0))
    scale = _Scale(len(epochs), y_values[-1])
    names = list(dict.fromkeys(name for epoch in epochs for name in epoch["losses"]))
    in_parts = len(stages) > 1 or " " in stages[0][0]
    return Chart(
        title=TITLES.get(kind, kind.capitalize()),
        epochs=len(epochs),
        lines=[_draw_line(name, stages, starts, scale) for name in names],
        x_ticks=_epoch_ticks(starts, scale),
        y_ticks=[Tick(scale.y(value), f"{value:g}") for value in y_values],
        stages=_stage_names(stages, starts, scale) if in_parts else [],
        borders=[scale.x(start - 0.5) for start in starts[1:-1]],
        broken=sum(not all(map(math.isfinite, epoch["losses"].values())) for epoch in epochs),
    )


@dataclass(frozen=True)
class _Scale:
    """Maps epochs (from 0) and losses to px; an epoch is at the centre of its share of the width."""

    epochs: int
    top: float

    def x(self, epoch: float) -> float:
        return round(FRAME.left + (epoch + 0.5) / self.epochs * (FRAME.right - FRAME.left), 1)

    def y(self, loss: float) -> float:
        return round(FRAME.bottom - loss / self.top * (FRAME.bottom - FRAME.top), 1)


def _draw_line(name: str, stages: Iterable[Stage], starts: Sequence[int], scale: _Scale) -> Line:
    values, pieces, dots = [], [], []
    for (_, epochs), start in zip(stages, starts, strict=False):
        known = [
            (start + index, epoch["losses"][name]) for index, epoch in enumerate(epochs) if name in epoch["losses"]
        ]
        points = [(scale.x(place), scale.y(value)) for place, value in known if math.isfinite(value)]
        values += [value for _, value in known if math.isfinite(value)]
        drawn = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
        if len(points) > 1:
            pieces.append(drawn)
        elif points:
            dots.append(f"{drawn} h0")  # a line of length 0, which round line caps draw as a dot
    first, last = (values[0], values[-1]) if values else (math.nan, math.nan)
    return Line(loss_name(name), " ".join(pieces), " ".join(dots), first, last)


def _epoch_ticks(starts: Sequence[int], scale: _Scale) -> list[Tick]:
    """A few epochs, counted from 1; if there are several stages, the last epoch of each."""
    total = starts[-1]
    if len(starts) > 2:
        ends = starts[1:]
    else:
        ends = [1, *(int(value) for value in nice_ticks(total) if value == int(value) and 1 < value <= total)]
    return [Tick(scale.x(end - 1), str(end)) for end in ends]


def _stage_names(stages: Sequence[Stage], starts: Sequence[int], scale: _Scale) -> list[Tick]:
    """The share of the training set that each stage trains on."""
    middles = [scale.x((start + end - 1) / 2) for start, end in pairwise(starts)]
    return [Tick(at, _stage_name(phase)) for at, (phase, _) in zip(middles, stages, strict=True)]


def _stage_name(phase: str) -> str:
    words = phase.partition(" ")[2]
    try:
        return f"{100 * float(words):.0f}%"
    except ValueError:
        return words
