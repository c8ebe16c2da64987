"""Nearest neighbours of every record, and the class shares among them.

There are two spaces: the numbers of the records (readings and measures of the plot), and the frozen features of their
pictures. Both are standardised without looking at labels. A record is never a neighbour of a record that shares its
picture or its group, because a copy says nothing about the label.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triptych.experts.frozen import pooled
from triptych.features.readings import feature_matrix, feature_names
from triptych.features.scaling import fit_scales, standardise
from triptych.preparation.prepared import Prepared

Floats = NDArray[np.float64]

READINGS, PICTURES = "readings", "pictures"
CHUNK = 512  # records whose distances are in memory at once


@dataclass(frozen=True)
class Space:
    """Standardised features of records, and what they are.

    Attributes:
        name: READINGS or PICTURES.
        columns: the names of the features, [d].
        values: the features, [n, d]; 0 where a number is missing.
    """

    name: str
    columns: list[str]
    values: Floats = field(repr=False)


def reading_space(prepared: Sequence[Prepared]) -> Space | None:
    """The numbers and words of the records; None if they have none."""
    numbers = [item.numbers for item in prepared]
    names = feature_names(numbers)
    if not names:
        return None
    matrix = feature_matrix(numbers, names)
    return Space(READINGS, names, np.nan_to_num(standardise(matrix, fit_scales(matrix))))


def picture_space(prepared: Sequence[Prepared], components: int) -> Space:
    """The first principal components of the frozen picture features, with a total variance of 1."""
    import torch

    matrix = pooled(torch.from_numpy(np.stack([item.image for item in prepared]))).double().numpy()
    spread = matrix.std(axis=0)
    matrix = (matrix - matrix.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    values = _principal(matrix, components)
    total = np.sqrt(np.square(values).sum() / len(values))
    names = [f"picture component {place}" for place in range(1, values.shape[1] + 1)]
    return Space(PICTURES, names, values / max(float(total), 1e-9))


def _principal(centred: Floats, components: int) -> Floats:
    """The first principal components [n, k] of centred features [n, d], from the smaller of the two Gram matrices."""
    n, d = centred.shape
    sizes, vectors = np.linalg.eigh(centred.T @ centred if n > d else centred @ centred.T)
    kept = min(components, max(1, int((sizes > 1e-9 * max(float(sizes[-1]), 1e-9)).sum())))
    largest = vectors[:, ::-1][:, :kept]
    if n > d:
        return np.asarray(centred @ largest, dtype=np.float64)
    return np.asarray(largest * np.sqrt(np.maximum(sizes[::-1][:kept], 0.0)), dtype=np.float64)


def nearest(space: Space, sides: Sequence[int], count: int) -> NDArray[np.int64]:
    """The indices [n, k] of the nearest records of other sides, nearest first; -1 where there are fewer than k.

    Args:
        space: the features.
        sides: equal numbers for records that share a picture or a group.
        count: k.
    """
    x, own = space.values, np.asarray(sides)
    squares = np.square(x).sum(axis=1)
    k = min(count, len(x))
    found = np.full((len(x), count), -1, dtype=np.int64)
    for start in range(0, len(x), CHUNK):
        rows = slice(start, start + CHUNK)
        distances = squares[rows, None] + squares[None] - 2 * x[rows] @ x.T
        distances[own[rows, None] == own[None]] = np.inf
        order = np.argsort(distances, axis=1, kind="stable")[:, :k]
        there = np.isfinite(np.take_along_axis(distances, order, axis=1))
        found[rows, :k] = np.where(there, order, -1)
    return found


def class_shares(neighbours: NDArray[np.int64], labels: NDArray[np.int64], classes: int) -> Floats:
    """The class shares [n, classes] among the neighbours [n, k] and one more that has the class frequencies.

    So no share is 0, and a record without neighbours has the class frequencies.
    """
    frequencies = np.bincount(labels, minlength=classes) / len(labels)
    counts = np.zeros((len(neighbours), classes))
    for column in neighbours.T:
        known = np.flatnonzero(column >= 0)
        counts[known, labels[column[known]]] += 1
    shares = counts + frequencies
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)
