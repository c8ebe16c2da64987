"""Training an encoder on digitised plots, and what it is worth beside the panels (beyond the paper).

Its class probabilities are not fused with the panels: it knows the training plots by heart after a few epochs, and
fusion would believe it blindly. They are blended into the decision with a weight that the trial finds on records held
out.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.config import Config
from triptych.network.network import blend
from triptych.network.plot_encoder import CHUNK, PlotEncoder
from triptych.network.steps import batches
from triptych.network.two_threads import Halves
from triptych.preparation.branch_inputs import BranchInputs
from triptych.preparation.plot_pictures import has_plot
from triptych.progress import Track

EPOCHS, TRIAL_EPOCHS, BATCH = 24, 12, 16
LEARNING_RATE, HEAD_RATE, WEIGHT_DECAY = 5e-4, 2.5e-3, 0.05
LONGEST_STEP = 1.0  # norm of the gradient
SHARES = (0.0, 0.25, 0.5, 0.75)  # of the decision; the panels always count
DOUBT = 1.5  # standard errors by which one must be worse than the best to be passed over
KEPT = 10_000  # plots, whose maps take 75 kB each
LEAST_PLOTS = 0.5  # share of the records that have one, of those learned from and of those held out


def train_plots(encoder: PlotEncoder, panels: BranchInputs, epochs: int, config: Config, track: Track) -> list[float]:
    """Train `encoder` on the plots of `panels`; the mean loss of each epoch.

    Each epoch sees of each record its own plot or that of a record drawn from it, by chance.
    """
    assert panels.plots is not None
    panels = panels[has_plot(panels.plots).nonzero().flatten()]
    assert panels.labels is not None
    views, labels = _views(panels), panels.labels
    maps_of = _maps_of(encoder, views)
    trained = [p for p in encoder.late.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [{"params": trained}, {"params": list(encoder.head.parameters())}]
    optimizer = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY, fused=True)
    steps = epochs * len(list(batches(len(panels), BATCH, shuffle=False)))
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, [LEARNING_RATE, HEAD_RATE], steps)
    encoder.train()
    history = []
    with Halves.of(encoder.late) as halves:
        for _ in track(range(epochs), "Plots"):
            losses = []
            for rows in batches(len(panels), BATCH, shuffle=True):
                optimizer.zero_grad()
                parts = halves.forward(maps_of(rows, torch.randint(views.shape[1], (len(rows),))))
                features = torch.cat(parts).detach().requires_grad_()
                logits = encoder.head(features)
                loss = F.cross_entropy(logits, labels[rows], label_smoothing=config.fusion.label_smoothing)
                loss.backward()
                assert features.grad is not None
                halves.backward(parts, features.grad)
                torch.nn.utils.clip_grad_norm_(trained, LONGEST_STEP)
                optimizer.step()
                rates.step()
                losses.append(loss.detach())
            history.append(torch.stack(losses).mean().item())
    return history


def try_plots(
    panels: BranchInputs, known: Tensor, held_out: Tensor, opinion: Tensor, turned: bool, config: Config, track: Track
) -> float:
    """What plots should count beside `opinion`, as `best_share` says of records held out.

    Args:
        panels: training records with plots.
        known: indices of those to learn from.
        held_out: indices of those to measure on.
        opinion: log-probabilities [held out, classes] by other panels.
        turned: whether to look at a plot all four ways up.
        config: the configuration.
        track: shows progress.
    """
    assert panels.plots is not None
    assert panels.labels is not None
    there = has_plot(panels.plots)
    if min(there[rows].float().mean() for rows in (known, held_out)) < LEAST_PLOTS:
        return 0.0
    encoder = PlotEncoder(opinion.shape[1]).to(opinion.device)
    train_plots(encoder, panels[known], TRIAL_EPOCHS, config, track)
    encoder.eval()
    seen = held_out[there[held_out]]
    with torch.no_grad():
        look = encoder.log_probabilities(panels.plots[seen], turned=turned)
    return best_share(opinion[there[held_out]], look, panels.labels[seen])


def best_share(opinion: Tensor, look: Tensor, truth: Tensor) -> float:
    """Which of SHARES plots get: none unless they clearly help, else the greatest not clearly worse than the best.

    On some tens of records what is of no use has the least loss every other time, hence clearly. And the greatest,
    because the encoder to be trained will have seen more records than the one tried, twice as long.

    Args:
        opinion: log-probabilities [n, classes] by other panels.
        look: those by plots.
        truth: class indices [n].
    """
    losses = torch.stack([F.nll_loss(blend(opinion, look, share), truth, reduction="none") for share in SHARES])
    excess = losses - losses[losses.mean(dim=1).argmin()]
    fit = excess.mean(dim=1) <= DOUBT * excess.std(dim=1) / math.sqrt(len(truth))
    return 0.0 if fit[0] else max(share for share, fits in zip(SHARES, fit.tolist(), strict=True) if fits)


def _views(panels: BranchInputs) -> Tensor:
    """Of each record its own plot and those drawn from it, [n, k, side, side]."""
    assert panels.plots is not None
    own = panels.plots[:, None]
    return own if panels.drawn_plots is None else torch.cat([own, panels.drawn_plots], dim=1)


def _maps_of(encoder: PlotEncoder, views: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    """What the encoder's layers that are not trained make of the plots `views[rows, which]`, by `rows` and `which`.

    They take a third of the time of a step, and see the same plots again in every epoch. So their maps are kept, unless
    there are so many that they would not fit into memory.
    """
    if views.shape[:2].numel() > KEPT:
        return lambda rows, which: encoder.maps(views[rows, which])
    kept = torch.cat([encoder.maps(part) for part in views.flatten(0, 1).split(CHUNK)])
    return lambda rows, which: kept[rows * views.shape[1] + which]
