"""Multinomial logistic regression on standardised features, for all linear experts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.experts.likelihood import FLOOR, log_normalised
from triptych.features.scaling import fit_scales, standardise

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Labelled feature vectors for training.

    Attributes:
        features: [m, d]; NaN is a missing value.
        labels: class indices [m].
        weights: [m]; the records drawn from a record have, together, the weight of this record.
        own: the number of original records, which come first; the others were drawn from them.
    """

    features: Floats
    labels: NDArray[np.int64]
    weights: Floats
    own: int

    @classmethod
    def of(cls, features: Tensor, labels: Tensor, drawn: Tensor | None = None) -> Self:
        """Examples from records [n, d] with labels [n], and k records [n, k, d] drawn from each of them."""
        x, y = features.double().cpu().numpy(), labels.cpu().numpy()
        if drawn is None or not drawn.shape[1]:
            return cls(x, y, np.ones(len(x)), len(x))
        k = drawn.shape[1]
        return cls(
            np.concatenate([x, drawn.double().cpu().numpy().reshape(-1, x.shape[1])]),
            np.concatenate([y, np.repeat(y, k)]),
            np.concatenate([np.ones(len(x)), np.full(len(x) * k, 1 / k)]),
            len(x),
        )


@dataclass(frozen=True)
class Linear:
    """A multinomial logistic regression on robustly standardised features.

    Attributes:
        scales: the scales of the features (`triptych.features.scaling`), [rows, d].
        coefficients: [classes, d].
        intercepts: [classes]; log(FLOOR) for a class without training records.
    """

    scales: Floats
    coefficients: Floats
    intercepts: Floats

    @classmethod
    def fit(cls, examples: Examples, classes: int, strength: float) -> Self:
        """Learn from `examples`; `strength` is scikit-learn's C, the inverse strength of the penalty."""
        from sklearn.linear_model import LogisticRegression

        scales = fit_scales(examples.features[: examples.own])
        known = np.unique(examples.labels)
        coefficients = np.zeros((classes, examples.features.shape[1]))
        intercepts = np.full(classes, np.log(FLOOR))
        regression = LogisticRegression(C=strength, max_iter=1000)
        rows, directions = _row_space(scaled(examples.features, scales))
        regression.fit(rows, examples.labels, examples.weights)
        slopes = regression.coef_ @ directions
        if len(known) == 2:  # scikit-learn then has only the logit of the second class
            coefficients[known] = np.concatenate([-slopes, slopes]) / 2
            intercepts[known] = np.concatenate([-regression.intercept_, regression.intercept_]) / 2
        else:
            coefficients[known], intercepts[known] = slopes, regression.intercept_
        return cls(scales, coefficients, intercepts)

    def log_probabilities(self, features: Tensor) -> Tensor:
        """The log-probabilities [n, classes] of feature vectors [n, d]."""
        logits = scaled(features.double().cpu().numpy(), self.scales) @ self.coefficients.T + self.intercepts
        return log_normalised(torch.from_numpy(logits))

    def state(self) -> dict[str, Tensor]:
        """All that was learned."""
        return {
            "scales": torch.from_numpy(self.scales),
            "coefficients": torch.from_numpy(self.coefficients),
            "intercepts": torch.from_numpy(self.intercepts),
        }

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> Self:
        """Restore from the result of `state`."""
        scales, coefficients, intercepts = (state[name].numpy() for name in ("scales", "coefficients", "intercepts"))
        if coefficients.shape != (len(intercepts), scales.shape[1]):
            raise ValueError("the coefficients of a linear expert do not fit its features")
        return cls(scales, coefficients, intercepts)


def _row_space(features: Floats) -> tuple[Floats, Floats]:
    """Features [m, d] as coordinates [m, r] along r orthonormal directions [r, d], with r <= m.

    A penalty on the norm leaves the coefficients in the space that the examples span. With more features than examples,
    a regression on the coordinates has the same solution and takes a fraction of the time.
    """
    m, d = features.shape
    if d <= m:
        return features, np.eye(d)
    left, values, directions = np.linalg.svd(features, full_matrices=False)
    kept = values >= values[0] * 1e-9
    return left[:, kept] * values[kept], directions[kept]


def scaled(features: Floats, scales: Floats) -> Floats:
    """Features [n, d] -> standardised features; missing values become 0, the mean."""
    return np.nan_to_num(standardise(features, scales), nan=0.0)


def rows_of(examples: Examples, rows: Sequence[int]) -> NDArray[np.int64]:
    """The indices of the records `rows` and of those drawn from them."""
    k = (len(examples.features) - examples.own) // examples.own
    own = np.asarray(rows, dtype=np.int64)
    drawn = examples.own + own[:, None] * k + np.arange(k)
    return np.concatenate([own, drawn.ravel()])
