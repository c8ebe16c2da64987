"""The report's learning curve: scores by the number of training records, as `triptych benchmark accuracy` measured it.

Nothing is trained for it. The curve is that of the benchmark's reference system, Triptych, with its settings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.report.formatting import NONE
from triptych.report.xy_chart import XYChart, draw_xy


@dataclass(frozen=True)
class CurvePoint:
    """One point: the number of training records, and the means over seeds, each with the half of its 95% interval.

    Attributes:
        records: as the benchmark names it, such as `325 or 326`.
        macro_f1: in percent.
        log_loss: None if it was not measured.
    """

    records: str
    macro_f1: tuple[float, float | None]
    log_loss: tuple[float, float | None] | None

    @property
    def size(self) -> int:
        """The number of training records; of several, the first."""
        return int(self.records.split()[0])

    @property
    def cells(self) -> tuple[str, str, str]:
        """The row of a table: records, macro-F1, log loss."""
        return self.records, _in_words(self.macro_f1, 1), NONE if self.log_loss is None else _in_words(self.log_loss, 3)


@dataclass(frozen=True)
class LearningCurve:
    """The section: where the curve comes from, its points by increasing size, and its chart."""

    source: str
    points: Sequence[CurvePoint]
    chart: XYChart


def load_learning_curve(path: StrPath) -> LearningCurve:
    """The learning curve in a result of `triptych benchmark accuracy`.

    Raises:
        TriptychError: the file cannot be read, or holds no learning curve of at least two sizes.
    """
    path = as_path(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        (system,) = [one for one in found["systems"] if one["name"] == found["reference"]]
        points = _points(system)
        seeds = f"{len(system['seeds'])} seed{'' if len(system['seeds']) == 1 else 's'}"
    except OSError as error:
        raise TriptychError(
            f"{path}: cannot be read ({error.strerror}); name the accuracy.json of a benchmark"
        ) from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise TriptychError(
            f"{path}: is not a result of `triptych benchmark accuracy`; name the accuracy.json that it wrote"
        ) from None
    if len(points) < 2:
        raise TriptychError(
            f"{path}: holds no learning curve, because {len(points)} number(s) of training records were measured; run "
            "`triptych benchmark accuracy` with --curve, such as --curve 40,80,160"
        )
    return LearningCurve(f"{path.name}, {seeds}", points, _chart(points))


def _points(system: Mapping[str, Any]) -> list[CurvePoint]:
    losses = system["log_loss_curve"]
    found = [
        CurvePoint(size, _pair(value), _pair(losses[size]) if losses.get(size) else None)
        for size, value in system["curve"].items()
        if value is not None
    ]
    return sorted(found, key=lambda point: point.size)


def _pair(value: Mapping[str, Any]) -> tuple[float, float | None]:
    half = value["half"]
    return float(value["mean"]), None if half is None else float(half)


def _chart(points: Sequence[CurvePoint]) -> XYChart:
    mean, low, high = "macro-F1, mean over seeds", "95% interval, low", "95% interval, high"
    lines = {mean: [(float(point.size), point.macro_f1[0]) for point in points]}
    if all(point.macro_f1[1] is not None for point in points):
        lines[low] = [(float(p.size), max(0.0, p.macro_f1[0] - (p.macro_f1[1] or 0))) for p in points]
        lines[high] = [(float(p.size), min(100.0, p.macro_f1[0] + (p.macro_f1[1] or 0))) for p in points]
    text = "; ".join(f"{_in_words(point.macro_f1, 1)} with {point.records} records" for point in points)
    axes = ("training records", "macro-F1, %")
    return draw_xy("Learning curve", axes, lines, f"Macro-F1: {text}.", dotted=[mean])


def _in_words(value: tuple[float, float | None], digits: int) -> str:
    mean, half = value
    return f"{mean:.{digits}f}" if half is None else f"{mean:.{digits}f} ± {half:.{digits}f}"
