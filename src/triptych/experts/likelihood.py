"""Computes log-probabilities that stay finite."""

import torch
from torch import Tensor

FLOOR = 1e-6  # least probability that an expert gives a class, before normalisation


def log_normalised(logits: Tensor) -> Tensor:
    """Logits [n, classes] -> log-probabilities in float64, which are at least about log(FLOOR)."""
    shares = logits.double().softmax(dim=1).clamp_min(FLOOR)
    return (shares / shares.sum(dim=1, keepdim=True)).log()


def log_mean(members: list[Tensor]) -> Tensor:
    """The logarithm of the mean of probabilities, from log-probabilities [n, classes] of several members."""
    mean: Tensor = torch.stack(members).logsumexp(dim=0) - torch.tensor(float(len(members))).log()
    return mean
