"""The progressive training strategy: which records each alignment stage trains on (section 3.3, Figures 5 and 6).

Records are ranked by the self-similarity of their image-text pairs, ascending: the least similar pairs (the paper's
"negative samples") come first. Every stage trains on a larger share. The rest, D_pend, is its validation set.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Stage:
    """One stage: indices `training` [k] of its training records and `pending` [n - k] of its validation records."""

    share: float
    training: Tensor
    pending: Tensor


def next_stage(similarity: Tensor, share: float, previous: Stage | None = None) -> Stage:
    """The stage of `share` (0..1) of n records with self-similarities `similarity` [n].

    It keeps the training records of the previous stage and adds the least similar of its pending records.
    """
    kept = previous.training if previous else torch.empty(0, dtype=torch.long)
    pending = previous.pending if previous else torch.arange(len(similarity))
    ranking = pending[similarity[pending].argsort(stable=True)]
    added = math.ceil(share * len(similarity)) - len(kept)
    return Stage(share, torch.cat([kept, ranking[:added]]), ranking[added:])
