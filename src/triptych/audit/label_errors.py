"""Likely label errors: confident learning on out-of-fold probabilities, and the labels of nearest neighbours.

Confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels",
Journal of Artificial Intelligence Research 70, 2021): the threshold t_j of class j is the mean probability of j over
the records that are labelled j. A record counts as class j if its probability of j reaches t_j (of several classes, the
most probable). The confident joint C[i, j] counts the records that are labelled i and count as j; normalised to the
numbers of labels, it estimates how many labels are wrong.

Beyond the paper, the probabilities are those of a pool of experts in which the nearest neighbours are experts of their
own. All records are ranked by the odds of the best other class against the given one. A record is reported if these
odds are high (`audit.label_doubt`), it counts as another class, and most of its neighbours do not have its label. If
the experts cannot tell the classes apart, the odds are low and few records are reported, but the estimated number of
wrong labels is too large. So `agreement` says how many labels are also the most probable ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.audit.finding import Finding
from triptych.audit.neighbours import class_shares
from triptych.config import PoolConfig
from triptych.experts.pool import fit_pool

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

TINY = 1e-12  # least probability in a quotient
HALF = 0.5  # share of neighbours that must have the label; with less, they dissent


@dataclass(frozen=True)
class Doubts:
    """How doubtful the label of each record is.

    Attributes:
        doubt: [n], 0..1: the probability of the best other class, of that class and the given one alone.
        suggested: the most probable class other than the given one, [n].
        probabilities: by the pool of experts and neighbours, [n, classes].
        agreeing: the share of nearest neighbours with the given label, [n]; NaN without neighbours.
        confident: the class that a record counts as, [n]; -1 if it counts as none.
        expected: the estimated number of wrong labels.
        agreement: the share of the records whose label is the most probable class.
    """

    doubt: Floats
    suggested: Indices
    probabilities: Floats = field(repr=False)
    agreeing: Floats = field(repr=False)
    confident: Indices = field(repr=False)
    expected: float
    agreement: float

    @property
    def order(self) -> list[int]:
        """The indices of the records by decreasing doubt."""
        return [int(place) for place in np.argsort(-self.doubt, kind="stable")]

    def reported(self, labels: Indices, least: float) -> list[int]:
        """The records with a doubt of at least `least` that count as another class and whose neighbours dissent."""
        other = (self.doubt >= least) & (self.confident >= 0) & (self.confident != labels)
        return [row for row in self.order if other[row] and not self.agreeing[row] >= HALF]


def doubt_labels(
    by_expert: Mapping[str, Tensor],
    rows: Sequence[int],
    neighbours: Mapping[str, Indices],
    labels: Indices,
    classes: int,
    config: PoolConfig,
) -> Doubts:
    """The doubts about all labels.

    Args:
        by_expert: out-of-fold log-probabilities [m, classes] by expert; empty without cross-fitting.
        rows: the indices [m] of these records; records in no fold are judged by their neighbours alone.
        neighbours: the indices of the nearest neighbours [n, k] in each space.
        labels: class indices [n].
        classes: the number of classes.
        config: how the experts are pooled.
    """
    shares = {f"neighbours by {name}": class_shares(found, labels, classes) for name, found in neighbours.items()}
    logs = {name: torch.from_numpy(np.log(found)) for name, found in shares.items()}
    truth = torch.from_numpy(labels)
    probabilities = fit_pool(logs, truth, config).log_probabilities(logs).exp().numpy()
    if by_expert:
        chosen = torch.tensor(list(rows))
        together = {**by_expert, **{name: log[chosen] for name, log in logs.items()}}
        pool = fit_pool(together, truth[chosen], config)
        probabilities[np.asarray(rows)] = pool.log_probabilities(together).exp().numpy()
    each = np.arange(len(labels))
    given = probabilities[each, labels]
    others = probabilities.copy()
    others[each, labels] = -1.0
    suggested = others.argmax(axis=1)
    best = others[each, suggested]
    confident = confident_classes(probabilities, labels)
    return Doubts(
        doubt=best / np.maximum(best + given, TINY),
        suggested=suggested,
        probabilities=probabilities,
        agreeing=_agreeing(list(neighbours.values()), labels),
        confident=confident,
        expected=expected_errors(confident, labels, classes),
        agreement=float((probabilities.argmax(axis=1) == labels).mean()),
    )


def confident_classes(probabilities: Floats, labels: Indices) -> Indices:
    """The class [n] that each record counts as; -1 if no probability reaches the threshold of its class."""
    classes = probabilities.shape[1]
    thresholds = np.array(
        [probabilities[labels == j, j].mean() if (labels == j).any() else 1.0 for j in range(classes)]
    )
    reached = np.where(probabilities >= thresholds, probabilities, -1.0)
    return np.where(reached.max(axis=1) >= 0, reached.argmax(axis=1), -1)


def expected_errors(confident: Indices, labels: Indices, classes: int) -> float:
    """The estimated number of wrong labels: the confident joint, scaled to the number of records of each label."""
    total = 0.0
    for label in range(classes):
        counted = confident[(labels == label) & (confident >= 0)]
        if len(counted):
            total += float((counted != label).mean() * (labels == label).sum())
    return total


def _agreeing(neighbours: Sequence[Indices], labels: Indices) -> Floats:
    """The share [n] of all neighbours in all spaces that have the record's label."""
    together = np.concatenate(list(neighbours), axis=1)
    known = together >= 0
    same = known & (labels[together] == labels[:, None])
    with np.errstate(invalid="ignore"):
        return np.asarray(same.sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan), dtype=np.float64)


def label_findings(
    doubts: Doubts, labels: Indices, ids: Sequence[str], classes: Sequence[str], least: float
) -> list[Finding]:
    """A finding for every record whose label is doubted by at least `least`, the most doubtful first."""
    found = []
    for row in doubts.reported(labels, least):
        given, other = labels[row], doubts.suggested[row]
        shares = doubts.probabilities[row]
        agreeing = doubts.agreeing[row]
        near = "" if np.isnan(agreeing) else f"; {agreeing:.0%} of the nearest neighbours have the given label"
        words = (
            f"labelled {classes[given]} ({shares[given]:.0%}), but {classes[other]} fits better ({shares[other]:.0%})"
        )
        found.append(
            Finding(
                kind="label-errors",
                records=(ids[row],),
                sure="possible",
                words=f"{words}{near}",
                advice="Look at the picture and the numbers; correct the label if it is wrong",
                subject=classes[given],
            )
        )
    return found
