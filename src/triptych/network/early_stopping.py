"""Chooses the number of epochs and the active branches on held-out records (beyond the paper).

With a few hundred records, training for too long overfits, and a branch without information about the class adds noise
to fusion. In every fold of the cross-fitting, a copy of the network is warmed up, and after each epoch the Brier score
of every branch is computed on the held-out records. The mean scores over the folds determine

- the share of the configured epochs after which the best branch has its lowest score: all phases are shortened to it;
- the active branches, whose lowest score is clearly below that of the class frequencies: only they and the best branch
  take part in alignment and fusion.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.config import Config
from triptych.network.network import Network
from triptych.network.phases import warm_up_loss
from triptych.network.steps import Steps
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track


@dataclass(frozen=True)
class Curves:
    """The scores of one fold.

    Attributes:
        branches: names of the branches.
        errors: sums of squared errors [epochs, branches] over the held-out records.
        blind: the same sum for the class frequencies of the fold's training records.
        count: number of held-out records.
    """

    branches: tuple[str, ...]
    errors: Tensor
    blind: float
    count: int


def warm_up_curves(
    network: Network, known: BranchInputs, held_out: BranchInputs, config: Config, track: Track
) -> Curves:
    """Warm up `network` on `known` and score its branches on `held_out` after every epoch; both are compressed."""
    assert known.labels is not None
    assert held_out.labels is not None
    steps, loss, errors = Steps(network, config), warm_up_loss(network), []
    network.train()
    for _ in track(range(config.warm_up.epochs), "Epochs"):
        steps.epoch(known, loss)
        errors.append(squared_errors(branch_log_probabilities(network, held_out), held_out.labels))
    frequencies = torch.bincount(known.labels, minlength=network.classes) / len(known)
    blind = squared_errors(frequencies.log().expand(1, len(held_out), -1), held_out.labels)
    return Curves(tuple(network.branches), torch.stack(errors), blind.item(), len(held_out))


@torch.no_grad()
def branch_log_probabilities(network: Network, inputs: BranchInputs) -> Tensor:
    """Log-probabilities [branches, n, classes] of each branch alone."""
    network.eval()
    found = torch.stack(list(network.branch_logits(inputs).values())).log_softmax(dim=2)
    network.train()
    return found


def squared_errors(log_probabilities: Tensor, labels: Tensor) -> Tensor:
    """Squared errors [branches], summed over records and classes, of log-probabilities [branches, n, classes]."""
    return (log_probabilities.exp() - F.one_hot(labels, log_probabilities.shape[-1])).square().sum(dim=(1, 2))


def conclude(folds: Sequence[Curves], config: Config) -> tuple[float, frozenset[str]]:
    """The share of the configured epochs to train, and the branches that take part in fusion."""
    c = config.cross_fitting
    count = sum(fold.count for fold in folds)
    curves = torch.stack([fold.errors for fold in folds]).sum(dim=0) / count
    blind = sum(fold.blind for fold in folds) / count
    best = curves.min(dim=0).values
    active = (best < c.better_than * blind) | (best == best.min())
    epochs = 1 + int(curves[:, best.argmin()].argmin())
    names = folds[0].branches
    return max(c.least_epochs, epochs / len(curves)), frozenset(n for n, a in zip(names, active, strict=True) if a)
