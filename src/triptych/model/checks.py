"""Checks that the parts of a model's folder fit together, so that a damaged model is refused when it is loaded."""

import math
from collections.abc import Collection, Sequence
from typing import Any

from torch import Tensor

SCALES = ".scales"  # suffix of the scales of readings; their deviation is infinite if all training values are equal
DIVISORS = [0, 3, 5]  # rows of the scales by which readings are divided: unit, spread, deviation
LARGEST = 10**6  # limit of each size of the network; a larger, damaged size would only exhaust memory


def checked_sizes(sizes: Any) -> dict[str, int]:
    """The sizes of the network, if all are valid.

    Raises:
        ValueError: a size is not a whole number in 0..LARGEST.
    """
    found = sizes if isinstance(sizes, dict) else {"sizes": sizes}
    for name, size in found.items():
        if type(size) is not int or not 0 <= size <= LARGEST:
            raise ValueError(f"the size {name} of the network is {str(size)[:40]}")
    return found


def check_classes(classes: Any, counts: Any, normal: Any) -> None:
    """Check the classes, the number of training records of each, and the normal class.

    Raises:
        ValueError: classes are not different names, not every class has a count, or `normal` is not a class or None.
    """
    if not _are_names(classes):
        raise ValueError("the labels are not different names")
    if not isinstance(counts, list) or not all(type(n) is int and n > 0 for n in counts) or len(counts) != len(classes):
        raise ValueError("the counts are not a number of records for each label")
    if normal is not None and normal not in classes:
        raise ValueError("the normal class is not one of the labels")


def check_features(names: Any, count: int) -> None:
    """Check that the features are `count` different names.

    Raises:
        ValueError: they are not.
    """
    if not _are_names(names) or len(names) != count:
        raise ValueError(f"the features are not {count} different names, as the network has readings")


def check_pool(weights: Any, experts: Collection[str]) -> dict[str, float]:
    """The weights of the pool by expert, if all are valid.

    Raises:
        ValueError: a weight is not a finite number >= 0, all are 0, or an expert with a weight is not in `experts`.
    """
    numbers: list[Any] = list(weights.values()) if isinstance(weights, dict) else [None]
    if not all(type(w) in (int, float) and math.isfinite(w) and w >= 0 for w in numbers) or not sum(numbers) > 0:
        raise ValueError("the weights of the experts are not finite numbers of at least 0 with a positive sum")
    if missing := {name for name, weight in weights.items() if weight} - set(experts):
        raise ValueError(f"the expert {sorted(missing)[0]!r} has a weight but has learned nothing")
    return {name: float(weight) for name, weight in weights.items()}


def check_weights(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """`weights`, if all are valid.

    Raises:
        ValueError: a scale of readings is NaN, or a divisor among them is not positive; another weight is not finite.
    """
    for name, tensor in weights.items():
        if name.endswith(SCALES) and tensor.ndim == 2 and not (tensor[DIVISORS] > 0).all():
            raise ValueError(f"the weights {name} hold a scale that is not positive")
        if not tensor.is_floating_point():
            continue
        wrong = tensor.isnan() if name.endswith(SCALES) else ~tensor.isfinite()
        if wrong.any():
            raise ValueError(f"the weights {name} are not all finite numbers")
    return weights


def checked_precedents(found: Any) -> dict[str, list[tuple[str, str]]]:
    """Precedents, if they are valid: for each digest of words, pairs of a picture's digest and a class.

    Raises:
        ValueError: they have another form.
    """
    pairs = list(found.values()) if isinstance(found, dict) else [None]
    if not all(isinstance(alike, list) and all(map(_is_pair, alike)) for alike in pairs):
        raise ValueError("the precedents are not lists of pictures and classes")
    return {words: [(picture, label) for picture, label in alike] for words, alike in found.items()}


def _is_pair(value: Any) -> bool:
    """Whether `value` is a list of two texts."""
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _are_names(values: Any) -> bool:
    """Whether `values` is a sequence of different texts."""
    is_list = isinstance(values, Sequence) and all(isinstance(value, str) for value in values)
    return is_list and len(set(values)) == len(values)
