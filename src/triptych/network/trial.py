"""What the warm-up would lead to, tried out before it on a part of the training records (beyond the paper).

Few records are soon learned by heart, some data sooner than others, and a panel that tells nothing of the class does
harm in fusion, for it too can be learned by heart. So a copy of the network is warmed up on three quarters of the
records, and after every epoch each branch's Brier score is taken on the last quarter. From that follow

- `Network.heard`: panels that were never clearly better than the frequencies of the classes stay out of fusion,
  all but the best;
- `Network.pace`: the share of the configured epochs after which the best branch was at its best; the phases are
  shortened by it;
- `Network.plot_share`: what an encoder trained on the digitised plots adds to the best branch (`plots`).

Records with the same picture or of one group are on the same side. Test records have no part in it. Of some eighty
records on there are enough for a trial.

With fewer records, a quarter is too few to judge by. Then only the panels are chosen: by cross-validation, so that
every record is held out once, and by their Brier scores after the last epoch, since training is not shortened.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.network.network import Network
from triptych.preparation.branch_inputs import BranchInputs

HELD_OUT = 0.25  # of the pictures or groups
MOST, TRIES = 0.5, 20  # share of the records that may be held out; draws to get there
LEAST_HELD_OUT = 20  # records; fewer tell too little
LEAST_PACE = 0.1
FOLDS = 4  # of the cross-validation among few records
TELLING = 0.98  # of the score of the classes' frequencies; a panel must come below it


def divide(panels: BranchInputs) -> tuple[Tensor, Tensor]:
    """Indices of the records to learn from, and of those held out, at random.

    Few large groups may leave a class without a record to learn from, or too many held out; then it is drawn again.
    """
    pictures = _pictures(panels)
    for _ in range(TRIES):
        chosen = torch.rand(int(pictures.max()) + 1)[pictures] < HELD_OUT
        known, held_out = (~chosen).nonzero().flatten(), chosen.nonzero().flatten()
        if panels.labels is None or (_complete(panels.labels.cpu(), known) and len(held_out) <= MOST * len(panels)):
            break
    return known, held_out


def _complete(labels: Tensor, rows: Tensor) -> bool:
    """Whether every class is among `rows`."""
    return len(labels[rows].unique()) == len(labels.unique())


def folds(panels: BranchInputs) -> list[tuple[Tensor, Tensor]]:
    """Indices of the records to learn from and of those held out, so that each record is held out once, at random.

    A part without records to learn from that are of every class is left out, as few large groups may give.
    """
    pictures = _pictures(panels)
    fold = (torch.randperm(int(pictures.max()) + 1) % FOLDS)[pictures]
    parts = [((fold != i).nonzero().flatten(), (fold == i).nonzero().flatten()) for i in range(FOLDS)]
    labels = torch.zeros(len(panels)) if panels.labels is None else panels.labels.cpu()
    return [(known, held_out) for known, held_out in parts if len(held_out) and _complete(labels, known)]


def _pictures(panels: BranchInputs) -> Tensor:
    """Numbers [n], from 0, that are equal where the pictures or groups are."""
    return torch.arange(len(panels)) if panels.same_image is None else panels.same_image.cpu()


@torch.no_grad()
def opinions(network: Network, panels: BranchInputs) -> Tensor:
    """The log-probabilities [branches, n, classes] by each branch alone."""
    network.eval()
    found = torch.stack(list(network.branch_logits(panels).values())).log_softmax(dim=2)
    network.train()
    return found


def conclude(network: Network, scores: Tensor, known: Tensor, truth: Tensor) -> None:
    """Set `heard` and `pace` of `network`.

    Args:
        network: the network to be trained.
        scores: Brier scores [epochs, branches] on the held-out records.
        known: class indices of the records that were learned from.
        truth: class indices of the held-out records.
    """
    blind = brier_scores(_blind(known, len(truth), network.classes), truth)
    best = scores.min(dim=0).values
    network.heard.copy_((best < TELLING * blind) | (best == best.min()))
    epochs = 1 + int(scores[:, best.argmin()].argmin())
    network.pace.fill_(max(LEAST_PACE, epochs / len(scores)))


def screen(network: Network, judged: Sequence[tuple[Tensor, Tensor, Tensor]]) -> None:
    """Set `heard` of `network` by cross-validation.

    Args:
        network: the network to be trained.
        judged: of each fold the log-probabilities [branches, held out, classes] by each branch, and the class indices
            of the records that were learned from and of those held out.
    """
    truth = torch.cat([held_out for _, _, held_out in judged])
    blind = [_blind(known, len(held_out), network.classes) for _, known, held_out in judged]
    scores = brier_scores(torch.cat([opinion for opinion, _, _ in judged], dim=1), truth)
    network.heard.copy_((scores < TELLING * brier_scores(torch.cat(blind, dim=1), truth)) | (scores == scores.min()))


def _blind(known: Tensor, n: int, classes: int) -> Tensor:
    """The log-probabilities [1, n, classes] by the frequencies of the classes among the labels `known`."""
    frequencies = torch.bincount(known, minlength=classes) / len(known)
    return frequencies.log().expand(1, n, classes)


def brier_scores(opinions: Tensor, labels: Tensor) -> Tensor:
    """The mean squared errors [branches] of log-probabilities [branches, n, classes]."""
    return (opinions.exp() - F.one_hot(labels, opinions.shape[-1])).square().sum(dim=2).mean(dim=1)
