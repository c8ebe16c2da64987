"""The readings branch: checked numbers, and what follows from them, as a vector in a fixed order.

A network that is given only 325 records should not have to discover division: shares of the rings, the offset and the
stretch are worked out here. The order of the fields is learned from the training records and kept with the model; a
field that a record lacks is NaN.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triptych.reading import PlotMeasures
from triptych.records import Readings
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL, ring_names


def reading_features(readings: Readings, plot: PlotMeasures | None = None) -> dict[str, float]:
    """Named features of one record: its numbers, derived quantities, and the measures of its digitised plot."""
    numbers = {name: value for name, value in readings.items() if isinstance(value, float)}
    features = numbers | _derived(numbers) | (_plot_features(plot) if plot else {})
    return {name: value for name, value in features.items() if math.isfinite(value)}


def feature_names(records: Iterable[Mapping[str, float]]) -> list[str]:
    """The features that occur in `records`, in order of appearance."""
    return list(dict.fromkeys(name for record in records for name in record))


def feature_matrix(records: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float32]:
    """The features of n records as [n, len(names)], NaN where a record lacks one."""
    rows = [[record.get(name, math.nan) for name in names] for record in records]
    return np.asarray(rows, dtype=np.float32).reshape(len(records), len(names))


def _derived(numbers: dict[str, float]) -> dict[str, float]:
    derived = {}
    if numbers.get(TOTAL, 0) > 0:
        derived["log_total"] = math.log(numbers[TOTAL])
        derived |= {f"{name}_share": numbers[name] / numbers[TOTAL] for name in ring_names(numbers)}
    if MEAN_X in numbers and MEAN_Y in numbers:
        derived["offset"] = math.hypot(numbers[MEAN_X], numbers[MEAN_Y])
    if numbers.get(SIGMA_X, 0) > 0 and numbers.get(SIGMA_Y, 0) > 0:
        derived["log_spread"] = math.log(numbers[SIGMA_X] * numbers[SIGMA_Y])
        derived["stretch"] = abs(math.log(numbers[SIGMA_X] / numbers[SIGMA_Y]))
    return derived


def _plot_features(plot: PlotMeasures) -> dict[str, float]:
    """Position, spread and above all shape, which the printed numbers do not tell.

    Marginals are folded at the mean: whether tails or wings are there matters, on which side they lie does not.
    """
    scalars = {
        "centroid_x": plot.centroid_x,
        "centroid_y": plot.centroid_y,
        "log_sigma_x": math.log(max(plot.sigma_x, 1e-6)),
        "log_sigma_y": math.log(max(plot.sigma_y, 1e-6)),
        "correlation": plot.correlation,
        "log_anisotropy": math.log(plot.anisotropy),
        "axis": math.cos(math.radians(2 * plot.angle)),
        "kurtosis_x": math.log(plot.kurtosis_x),
        "kurtosis_y": math.log(plot.kurtosis_y),
        "kurtosis_r": math.log(plot.kurtosis_r),
        "log_count": math.log(plot.count),
    }
    sigma = math.sqrt(plot.sigma_x * plot.sigma_y) or 1.0
    series = {
        "quantile_x": [(q - plot.centroid_x) / sigma for q in plot.quantiles_x],
        "quantile_y": [(q - plot.centroid_y) / sigma for q in plot.quantiles_y],
        "quantile_r": plot.quantiles_r,
        "ring": plot.ring_shares,
        "marginal_x": _folded(plot.marginal_x),
        "marginal_y": _folded(plot.marginal_y),
    }
    listed = {f"{name}_{i}": value for name, values in series.items() for i, value in enumerate(values)}
    return {f"plot_{name}": value for name, value in (scalars | listed).items()}


def _folded(bands: Sequence[float]) -> list[float]:
    """Shares of bands that lie symmetrically to the mean, added up, from the tails inwards."""
    return [bands[i] + bands[-1 - i] for i in range(len(bands) // 2)]
