"""The progressive training strategy: which records each alignment stage sees (section 3.3, Figures 5 and 6).

Records are ranked by the self-similarity of their image-text pairs, ascending: the least similar pairs (the paper's
"negative samples") come first. Every stage trains on a larger share; the rest, D_pend, is its validation set.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Stage:
    """One stage: indices [k] of the records it trains on, and `pending` [n - k], those it validates on."""

    share: float
    training: Tensor
    pending: Tensor


def next_stage(similarity: Tensor, share: float, previous: Stage | None = None) -> Stage:
    """The stage of `share` (0..1) of n records with self-similarities `similarity` [n].

    It keeps what the stage before it trained on, and adds the least similar of what was pending then.
    """
    kept = previous.training if previous else torch.empty(0, dtype=torch.long)
    waiting = previous.pending if previous else torch.arange(len(similarity))
    ranking = waiting[similarity[waiting].argsort(stable=True)]
    added = math.ceil(share * len(similarity)) - len(kept)
    return Stage(share, torch.cat([kept, ranking[:added]]), ranking[added:])
