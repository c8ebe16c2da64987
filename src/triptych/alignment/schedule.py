"""The progressive training strategy: which records each alignment stage sees (section 3.3, Figures 5 and 6).

Records are ranked by the self-similarity of their image-text pairs, ascending: the least similar pairs (the paper's
"negative samples") come first. Every stage trains on a larger share; the rest, D_pend, is its validation set.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Stage:
    """One stage: indices [k] of the records it trains on, and `pending` [n - k], those it validates on."""

    share: float
    training: Tensor
    pending: Tensor


def progressive_stages(similarity: Tensor, shares: Sequence[float]) -> list[Stage]:
    """The stages for records with self-similarities `similarity` [n]; `shares` rise to at most 1."""
    ranking = similarity.argsort(stable=True)
    cuts = [(share, math.ceil(share * len(ranking))) for share in shares]
    return [Stage(share, ranking[:cut], ranking[cut:]) for share, cut in cuts]
