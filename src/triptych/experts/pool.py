"""The pool: a weighted geometric mean of the experts' probabilities (beyond the paper).

A log-linear pool of E experts has log p = sum_e w_e log p_e, normalised over the classes, with w_e >= 0. The weights
maximise the likelihood of out-of-fold log-probabilities, with a penalty on their distance from equal weights. Their sum
is free: it is an inverse temperature, which sharpens or softens the pool until it is calibrated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.config import PoolConfig

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """The weights of the experts, by name; an expert of weight 0 is left out."""

    weights: Mapping[str, float]

    @classmethod
    def equal(cls, names: Sequence[str]) -> "Pool":
        """A pool with equal weights."""
        return cls({name: 1 / len(names) for name in names})

    def log_probabilities(self, by_expert: Mapping[str, Tensor]) -> Tensor:
        """Log-probabilities [n, classes] from those of each expert."""
        total = sum((weight * by_expert[name] for name, weight in self.weights.items() if weight), torch.tensor(0.0))
        pooled: Tensor = total.double().log_softmax(dim=1)
        return pooled


def fit_pool(by_expert: Mapping[str, Tensor], labels: Tensor, config: PoolConfig) -> Pool:
    """Fit a pool to out-of-fold log-probabilities.

    Args:
        by_expert: the out-of-fold log-probabilities [n, classes] of each expert.
        labels: class indices [n].
        config: the penalty on unequal weights, and the limits below which experts are dropped.
    """
    names, truth = list(by_expert), labels.numpy()
    stacked = np.stack([by_expert[name].double().numpy() for name in names])
    kept = _informative(stacked, truth, config.better_than)
    weights = np.zeros(len(names))
    weights[kept] = _fit(stacked[kept], truth, config.prior)
    kept = weights > config.least_share * weights.sum()
    weights[kept], weights[~kept] = _fit(stacked[kept], truth, config.prior), 0.0
    return Pool(dict(zip(names, weights.tolist(), strict=True)))


def _informative(stacked: Floats, labels: NDArray[np.int64], better_than: float) -> NDArray[np.bool_]:
    """A mask [e] of the experts that predict better than the class frequencies.

    At its best temperature, such an expert has less than `better_than` times the log loss of the class frequencies. The
    best expert is always included.
    """
    shares = np.bincount(labels, minlength=stacked.shape[2]) / len(labels)
    baseline = -np.log(shares[labels]).mean()
    losses = np.array([_loss(_fit(one[None], labels, 0.0)[0] * one, labels) for one in stacked])
    kept: NDArray[np.bool_] = (losses < better_than * baseline) | (losses == losses.min())
    return kept


def _loss(logits: Floats, labels: NDArray[np.int64]) -> float:
    """The mean log loss of logits [n, classes]."""
    from scipy.special import log_softmax

    return float(-log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean())


def _fit(stacked: Floats, labels: NDArray[np.int64], prior: float) -> Floats:
    """Fit weights [e] to log-probabilities [e, n, classes]."""
    from scipy.optimize import minimize

    experts, rows = len(stacked), np.arange(len(labels))
    true = stacked[:, rows, labels]

    def objective(weights: Floats) -> tuple[float, Floats]:
        logits = np.einsum("e,enc->nc", weights, stacked)
        top = logits.max(axis=1, keepdims=True)
        shares = np.exp(logits - top)
        total = shares.sum(axis=1, keepdims=True)
        loss = (np.log(total) + top)[:, 0].sum() - weights @ true.sum(axis=1)
        gradient = np.einsum("nc,enc->e", shares / total, stacked) - true.sum(axis=1)
        apart = weights - weights.mean()
        return float(loss + prior * experts * apart @ apart), gradient + 2 * prior * experts * apart

    start = np.full(experts, 1 / experts)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * experts)
    weights: Floats = np.maximum(found.x, 0.0)
    return weights if weights.sum() > 0 else start
