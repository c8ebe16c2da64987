"""What experts say of records that they have not seen, and the weights that follow from it."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.experts.pool import Pool, fit_pool
from triptych.training.cross_fitting import CrossFit
from triptych.training.training_sets import Records

DIGITS = 5  # of the probabilities that are kept


@dataclass(frozen=True)
class OutOfFold:
    """Out-of-fold log-probabilities, and the pool that they give.

    Attributes:
        said: of each expert, [n, classes].
        labels: class indices [n].
        ids: of the records, n.
        classes: the labels.
        pool: the weights.
    """

    said: dict[str, Tensor] = field(repr=False)
    labels: Tensor = field(repr=False)
    ids: list[str] = field(repr=False)
    classes: list[str]
    pool: Pool

    @classmethod
    def of(cls, records: Records, found: CrossFit) -> "OutOfFold":
        """What came of cross-fitting, and the pool fitted on it."""
        held_out = records.of_rows(found.rows)
        labels = torch.tensor([records.classes.index(item.record.label or "") for item in held_out])
        pool = fit_pool(found.said, labels, records.config.pool)
        return cls(found.said, labels, [item.record.id for item in held_out], records.classes, pool)

    def facts(self) -> dict[str, dict[str, float]]:
        """The weight of every expert, and its out-of-fold log loss and accuracy; those of the pool too."""
        all_of_them = {**self.said, "pool": self.pool.log_probabilities(self.said)}
        return {
            name: {
                "weight": round(self.pool.weights.get(name, 1.0), 4),
                "log_loss": round(F.nll_loss(said, self.labels).item(), 4),
                "accuracy": round((said.argmax(dim=1) == self.labels).double().mean().item(), 4),
            }
            for name, said in all_of_them.items()
        }

    def probabilities(self) -> dict[str, Any]:
        """Of every record the id, the label, and the probabilities by the pool and by each expert."""
        said = {"pool": self.pool.log_probabilities(self.said), **self.said}
        rounded = {
            name: [[round(p, DIGITS) for p in row] for row in found.exp().tolist()] for name, found in said.items()
        }
        labels = [self.classes[i] for i in self.labels.tolist()]
        return {"records": self.ids, "labels": labels, "probabilities": rounded}
