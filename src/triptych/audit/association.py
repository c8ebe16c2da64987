"""A permutation test of the association of a field's categories with the labels, for any number of categories."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]

CHUNK = 4_000_000  # permuted labels that are in memory at once


@dataclass(frozen=True)
class Association:
    """How much categories tell about labels.

    Attributes:
        p_value: (k + 1) / (n + 1), if k of n permutations of the labels have at least as much information.
        explained: the share of the entropy of the labels that the categories explain beyond chance, at most 1. Chance
            is the mean of the permutations.
        right: the share of labels that are guessed right: the commonest label of the other records of the category.
        base: the share of the commonest label.
    """

    p_value: float
    explained: float
    right: float
    base: float


def associate(categories: Indices, labels: Indices, permutations: int, rng: np.random.Generator) -> Association:
    """Test whether `categories` [n] and `labels` [n] (both from 0) are independent, by their mutual information."""
    rows, columns = int(categories.max()) + 1, int(labels.max()) + 1
    seen = _information(_table(categories, labels[None], rows, columns))[0]
    null = np.concatenate(
        [
            _information(_table(categories, rng.permuted(np.tile(labels, (size, 1)), axis=1), rows, columns))
            for size in _sizes(permutations, len(labels))
        ]
    )
    chance, entropy = float(null.mean()), _entropy(np.bincount(labels))
    table = _table(categories, labels[None], rows, columns)[0]
    return Association(
        p_value=float((null >= seen - 1e-12).sum() + 1) / (len(null) + 1),
        explained=float((seen - chance) / max(entropy - chance, 1e-12)),
        right=_right(table, categories, labels),
        base=float(np.bincount(labels).max() / len(labels)),
    )


def _sizes(permutations: int, records: int) -> list[int]:
    """The permutations in portions of limited memory."""
    most = max(1, CHUNK // max(records, 1))
    return [min(most, permutations - start) for start in range(0, permutations, most)]


def _table(categories: Indices, labels: Indices, rows: int, columns: int) -> Floats:
    """The contingency tables [b, rows, columns] of `categories` [n] and `labels` [b, n]."""
    cells = (np.arange(len(labels))[:, None] * rows + categories) * columns + labels
    counts = np.bincount(cells.ravel(), minlength=len(labels) * rows * columns)
    return counts.reshape(len(labels), rows, columns).astype(np.float64)


def _information(tables: Floats) -> Floats:
    """The mutual information [b], in nats, of contingency tables [b, rows, columns]."""
    shares = tables / tables[0].sum()
    by_row, by_column = shares.sum(axis=2, keepdims=True), shares.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = shares * np.log(shares / (by_row * by_column))
    return np.asarray(np.nan_to_num(parts).sum(axis=(1, 2)), dtype=np.float64)


def _entropy(counts: NDArray[np.int64]) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _right(table: Floats, categories: Indices, labels: Indices) -> float:
    """The share of labels that are the commonest among the other records of their category."""
    others = table[categories]
    others[np.arange(len(labels)), labels] -= 1
    whole = table.sum(axis=0) - np.eye(table.shape[1])[labels]
    guesses = np.where(others.sum(axis=1) > 0, others.argmax(axis=1), whole.argmax(axis=1))
    return float((guesses == labels).mean())
