"""The features of the readings branch: checked numbers, derived numbers and words, as a vector in a fixed order.

Every given number is a feature. Derived features (`names`) such as ring shares, offset and stretch are added, because a
network trained on a few hundred records should not have to learn division. The digitised plot is measured as one cloud
(`outline`) and as a map (`patterns`) by `plots`. These measures use only `PlotMeasures.density`, so that a record drawn
by augmentation needs no picture. The order of the features is learned from the training records and stored with the
model. A missing number is NaN.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triptych.features.names import derived, given
from triptych.features.plots import plot_features
from triptych.features.text_columns import is_word, telling_words, word_features
from triptych.records import Readings
from triptych.records.fields import MEAN_X, MEAN_Y, SIGMA_X, SIGMA_Y, TOTAL, ring_names

Density = NDArray[np.float32]


def reading_features(readings: Readings, density: Density | None = None) -> dict[str, float]:
    """Named features of one record: its numbers, derived numbers, its words, the measures of its plot.

    Numbers that are not finite count as missing.
    """
    return features_of_records([(readings, density)])[0]


def features_of_records(records: Sequence[tuple[Readings, Density | None]]) -> list[dict[str, float]]:
    """`reading_features` of each record; it takes a fraction of the time of one call for each record."""
    with_dots = {i: density for i, (_, density) in enumerate(records) if density is not None and density.any()}
    plots = dict(zip(with_dots, plot_features(list(with_dots.values())), strict=True))
    return [number_features(readings) | plots.get(i, {}) for i, (readings, _) in enumerate(records)]


def number_features(readings: Readings) -> dict[str, float]:
    """`reading_features` without those of the plot."""
    numbers = finite_numbers(readings)
    features = {given(name): value for name, value in numbers.items()} | word_features(readings)
    return features | {derived(name): value for name, value in _derived(numbers).items() if math.isfinite(value)}


def finite_numbers(readings: Readings) -> dict[str, float]:
    """The numbers among `readings` that are finite."""
    numbers = {name: float(value) for name, value in readings.items() if not isinstance(value, str)}
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


def feature_names(records: Iterable[Mapping[str, float]]) -> list[str]:
    """The features of `records` in order of appearance; words are last, without uninformative ones."""
    records = list(records)
    words = telling_words(records)
    names = dict.fromkeys(name for record in records for name in record)
    return [name for name in names if not is_word(name)] + [name for name in names if name in words]


def feature_matrix(records: Sequence[Mapping[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    """The features of n records as [n, len(names)]: NaN where a record lacks a number, 0 where it lacks a word."""
    columns = [(name, 0.0 if is_word(name) else math.nan) for name in names]
    rows = [[record.get(name, absent) for name, absent in columns] for record in records]
    return np.asarray(rows, dtype=np.float64).reshape(len(records), len(names))


def _derived(numbers: Mapping[str, float]) -> dict[str, float]:
    """Derived numbers: ring shares, logarithms, offset, stretch and bias, as far as `numbers` allow."""
    found = {}
    if (total := numbers.get(TOTAL, 0)) > 0:
        found["log_total"] = math.log(total)
        found |= {f"{name}_share": numbers[name] / total for name in ring_names(numbers)}
    if MEAN_X in numbers and MEAN_Y in numbers:
        found["offset"] = math.hypot(numbers[MEAN_X], numbers[MEAN_Y])
    if numbers.get(SIGMA_X, 0) > 0 and numbers.get(SIGMA_Y, 0) > 0:
        x, y = math.log(numbers[SIGMA_X]), math.log(numbers[SIGMA_Y])
        found |= {"log_sigma_x": x, "log_sigma_y": y, "log_spread": x + y, "stretch": x - y, "elongation": abs(x - y)}
        found |= {
            f"bias_{mean}": abs(numbers[mean]) / numbers[sigma]
            for mean, sigma in ((MEAN_X, SIGMA_X), (MEAN_Y, SIGMA_Y))
            if mean in numbers
        }
    return found
