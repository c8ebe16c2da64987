"""The out-of-fold predictions of the experts, and the pool that is fitted on them."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.config import PoolConfig
from triptych.decision.calibration import calibration_of
from triptych.experts.pool import Pool, fit_pool
from triptych.training.cross_fitting import CrossFit
from triptych.training.training_sets import Records

DIGITS = 5  # decimal places of stored probabilities


@dataclass(frozen=True)
class OutOfFold:
    """Out-of-fold log-probabilities, and the pool that is fitted on them.

    Attributes:
        by_expert: the log-probabilities [n, classes] of each expert.
        labels: class indices [n].
        ids: the ids of the n records.
        classes: the labels.
        pool: the experts' weights.
        rows: the indices [n] of the records among the training records.
        folds: the number [n] of the fold in which each was held out.
        cross_pooled: the pool's log-probabilities [n, classes], with weights that were fitted on the other folds.
    """

    by_expert: dict[str, Tensor] = field(repr=False)
    labels: Tensor = field(repr=False)
    ids: list[str] = field(repr=False)
    classes: list[str]
    pool: Pool
    rows: list[int] = field(repr=False)
    folds: list[int] = field(repr=False)
    cross_pooled: Tensor = field(repr=False)

    @classmethod
    def of(cls, records: Records, found: CrossFit) -> "OutOfFold":
        """The predictions of cross-fitting, and the pool fitted on them."""
        held_out = records.of_rows(found.rows)
        labels = torch.tensor([records.classes.index(item.record.label or "") for item in held_out])
        pool = fit_pool(found.by_expert, labels, records.config.pool)
        return cls(
            found.by_expert,
            labels,
            [item.record.id for item in held_out],
            records.classes,
            pool,
            found.rows,
            found.folds,
            _cross_pooled(found, labels, records.config.pool),
        )

    def facts(self) -> dict[str, dict[str, float]]:
        """The weight, out-of-fold log loss and accuracy of every expert and of the pool."""
        with_pool = {**self.by_expert, "pool": self.pool.log_probabilities(self.by_expert)}
        return {
            name: {
                "weight": round(self.pool.weights.get(name, 1.0), 4),
                "log_loss": round(F.nll_loss(found, self.labels).item(), 4),
                "accuracy": round((found.argmax(dim=1) == self.labels).double().mean().item(), 4),
            }
            for name, found in with_pool.items()
        }

    def calibration(self) -> dict[str, Any]:
        """How well probabilities agree with frequencies: of the experts with equal weights, and of the pool.

        The weights of the pool, which calibrate it, were fitted without the fold of the record.
        """
        names = [name for name, weight in self.pool.weights.items() if weight]
        equal = Pool.equal(names).log_probabilities({name: self.by_expert[name] for name in names})
        labels = self.labels.numpy()
        return {
            name: calibration_of(found.exp().numpy(), labels).to_json()
            for name, found in (("before", equal), ("after", self.cross_pooled))
        }

    def probabilities(self) -> dict[str, Any]:
        """The ids and labels of all records, and their probabilities by the pool and by each expert."""
        with_pool = {"pool": self.pool.log_probabilities(self.by_expert), **self.by_expert}
        rounded = {
            name: [[round(p, DIGITS) for p in row] for row in found.exp().tolist()] for name, found in with_pool.items()
        }
        labels = [self.classes[i] for i in self.labels.tolist()]
        return {"records": self.ids, "labels": labels, "probabilities": rounded}


def _cross_pooled(found: CrossFit, labels: Tensor, config: PoolConfig) -> Tensor:
    """The log-probabilities [n, classes] of a pool that was fitted without the fold of the record.

    The weights of the pool are fitted, too: only so is a record new to all that judges it. With a single fold, the
    weights are equal.
    """
    folds, pooled = torch.tensor(found.folds), torch.empty_like(next(iter(found.by_expert.values())).double())
    for fold in folds.unique():
        own = folds == fold
        known = {name: rows[~own] for name, rows in found.by_expert.items()}
        pool = fit_pool(known, labels[~own], config) if bool((~own).any()) else Pool.equal(list(known))
        pooled[own] = pool.log_probabilities({name: rows[own] for name, rows in found.by_expert.items()})
    return pooled
