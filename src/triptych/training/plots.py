"""Training an encoder on digitised plots, and what it is worth beside the panels (beyond the paper).

Its class probabilities are not fused with the panels: it knows the training plots by heart after a few epochs, and
fusion would believe it blindly. They are blended into the decision with a weight that the trial finds on records held
out.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from triptych.config import Config
from triptych.encoders.plot import PlotEncoder, has_plot
from triptych.progress import Track
from triptych.training.network import Panels, blend
from triptych.training.steps import batches

EPOCHS, TRIAL_EPOCHS, BATCH = 24, 12, 16
LEARNING_RATE, HEAD_RATE, WEIGHT_DECAY = 5e-4, 2.5e-3, 0.05
LONGEST_STEP = 1.0  # norm of the gradient
SHARES = (0.0, 0.25, 0.5, 0.75)  # of the decision; the panels always count
LEAST_PLOTS = 0.5  # share of the records that have one


def train_plots(encoder: PlotEncoder, panels: Panels, epochs: int, config: Config, track: Track) -> list[float]:
    """Train `encoder` on the plots of `panels`; the mean loss of each epoch.

    Each epoch sees of each record its own plot or that of a record drawn from it, by chance.
    """
    assert panels.plots is not None
    panels = panels[has_plot(panels.plots).nonzero().flatten()]
    trained = [p for p in encoder.network.parameters() if p.requires_grad]
    groups: list[dict[str, Any]] = [{"params": trained}, {"params": list(encoder.head.parameters())}]
    optimizer = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY, foreach=True)
    steps = epochs * len(list(batches(len(panels), BATCH, shuffle=False)))
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, [LEARNING_RATE, HEAD_RATE], steps)
    encoder.train()
    history = []
    for _ in track(range(epochs), "Plots"):
        losses = []
        for rows in batches(len(panels), BATCH, shuffle=True):
            batch = panels[rows]
            assert batch.labels is not None
            loss = F.cross_entropy(encoder(_some(batch)), batch.labels, label_smoothing=config.fusion.label_smoothing)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, LONGEST_STEP)
            optimizer.step()
            rates.step()
            losses.append(loss.detach())
        history.append(torch.stack(losses).mean().item())
    return history


def try_plots(
    panels: Panels, known: Tensor, held_out: Tensor, opinion: Tensor, config: Config, track: Track
) -> tuple[float, bool]:
    """With which of SHARES plots help `opinion` most, the smallest of equals; and whether to look at them turned too.

    Args:
        panels: training records with plots.
        known: indices of those to learn from.
        held_out: indices of those to measure on.
        opinion: log-probabilities [held out, classes] by other panels.
        config: the configuration.
        track: shows progress.
    """
    assert panels.plots is not None
    assert panels.labels is not None
    there = has_plot(panels.plots)
    if there[known].float().mean() < LEAST_PLOTS or not there[held_out].any():
        return 0.0, False
    encoder = PlotEncoder(opinion.shape[1]).to(opinion.device)
    train_plots(encoder, panels[known], TRIAL_EPOCHS, config, track)
    encoder.eval()
    seen = held_out[there[held_out]]
    with torch.no_grad():
        looks = {turned: encoder.log_probabilities(panels.plots[seen], turned=turned) for turned in (False, True)}
    opinion, truth = opinion[there[held_out]], panels.labels[seen]
    choices = [(share, turned) for turned in looks for share in SHARES]
    return min(choices, key=lambda c: F.nll_loss(blend(opinion, looks[c[1]], c[0]), truth).item())


def _some(batch: Panels) -> Tensor:
    """Of each record its own plot or one drawn from it, [b, side, side]."""
    assert batch.plots is not None
    if batch.drawn_plots is None:
        return batch.plots
    every = torch.cat([batch.plots[:, None], batch.drawn_plots], dim=1)
    return every[torch.arange(len(every)), torch.randint(every.shape[1], (len(every),))]
