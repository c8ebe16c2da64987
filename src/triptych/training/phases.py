"""The three training phases in the paper's order: warm-up, progressive alignment, fusion.

Each phase starts from its own random state, drawn from the seed and the phase's name, so that a run resumed between two
phases is the same run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from triptych.alignment import itc_loss, progressive_stages, self_similarity
from triptych.cache import digest
from triptych.config import Config, OptimizerConfig
from triptych.progress import Track
from triptych.training.network import Network, Panels


@dataclass(frozen=True)
class Epoch:
    """A point of the training curves: mean losses by name over one epoch."""

    phase: str
    epoch: int
    losses: dict[str, float]


Phase = Callable[[Network, Panels, Config, Track], list[Epoch]]
LossOf = Callable[[Panels], Tensor]


def warm_up(network: Network, panels: Panels, config: Config, track: Track) -> list[Epoch]:
    """Train every branch alone with cross-entropy (section 3.2)."""

    def loss(batch: Panels) -> Tensor:
        assert batch.labels is not None
        logits = network.branch_logits(batch)
        return torch.stack([F.cross_entropy(branch, batch.labels) for branch in logits.values()]).sum()

    training = _Training(network, config.optimizer)
    return [
        Epoch("warm-up", epoch, {"cross_entropy": training.epoch(panels, loss)})
        for epoch in track(range(config.warm_up.epochs), "Warm-up")
    ]


def align(network: Network, panels: Panels, config: Config, track: Track) -> list[Epoch]:
    """Align image and texts progressively (section 3.3): at every epoch (image, LLM) first, then (image, VLM).

    D_pend, the records that wait for a later stage, give each stage's validation loss.
    """
    stages = progressive_stages(_ranking(network, panels), config.alignment.stages)
    history: list[Epoch] = []
    epochs = [(stage, epoch) for stage in stages for epoch in range(config.alignment.epochs)]
    training = _Training(network, config.optimizer)
    for stage, epoch in track(epochs, "Alignment"):
        if epoch == 0:
            training = _Training(network, config.optimizer)
        subset = panels[stage.training]
        losses = {f"itc_{text}": training.epoch(subset, _itc(network, text)) for text in ("llm", "vlm")}
        if len(stage.pending) > 1:
            losses["itc_pending"] = _evaluate(network, panels[stage.pending], config.optimizer.batch_size)
        history.append(Epoch(f"align {stage.share:g}", epoch, losses))
    return history


def fuse(network: Network, panels: Panels, config: Config, track: Track) -> list[Epoch]:
    """Train fusion, classifier and adapters with cross-entropy (sections 3.4 and 4.1).

    What is kept are the weights' means over the last epochs: with few records each epoch ends a little elsewhere, and
    the mean is better than most of them (beyond the paper).
    """

    def loss(batch: Panels) -> Tensor:
        assert batch.labels is not None
        return F.cross_entropy(network(batch), batch.labels, label_smoothing=config.fusion.label_smoothing)

    training, averaged, history = _Training(network, config.optimizer), AveragedModel(network), []
    for epoch in track(range(config.fusion.epochs), "Fusion"):
        history.append(Epoch("fusion", epoch, {"cross_entropy": training.epoch(panels, loss)}))
        if epoch >= (1 - config.fusion.averaged) * config.fusion.epochs:
            averaged.update_parameters(network)
    if averaged.n_averaged:
        network.load_state_dict(averaged.module.state_dict())
    return history


PHASES: dict[str, Phase] = {"warm-up": warm_up, "alignment": align, "fusion": fuse}


def run_phase(name: str, network: Network, panels: Panels, config: Config, track: Track) -> list[Epoch]:
    """Run one phase of PHASES on compressed panels, in training mode and from its own random state."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(digest(str(config.seed), name)[:15], 16))
        network.train()
        history = PHASES[name](network, panels, config, track)
        network.eval()
    return history


class _Training:
    """AdamW with the step-wise decay of section 4.1, and one epoch of steps."""

    def __init__(self, network: Network, config: OptimizerConfig) -> None:
        self.config = config
        self.optimizer = torch.optim.AdamW(
            network.parameters(), config.learning_rate, config.betas, config.eps, config.weight_decay, foreach=True
        )
        self.schedule = torch.optim.lr_scheduler.StepLR(self.optimizer, config.decay_every, config.decay)

    def epoch(self, panels: Panels, loss_of: LossOf) -> float:
        """One pass over `panels` in random order; the mean loss of its batches."""
        losses = []
        for rows in _batches(len(panels), self.config.batch_size, shuffle=True):
            loss = loss_of(panels[rows])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        self.schedule.step()
        return torch.stack(losses).mean().item()


def _batches(n: int, size: int, *, shuffle: bool) -> Iterator[Tensor]:
    """Indices in batches; a last batch of one joins its neighbour, for one record has no negatives."""
    rows = torch.randperm(n) if shuffle else torch.arange(n)
    starts = list(range(0, n, size))
    if n > size and n % size == 1:
        starts.pop()
    return (rows[start:end] for start, end in zip(starts, [*starts[1:], n], strict=True))


def _itc(network: Network, text: str) -> LossOf:
    """The contrastive loss of the image and one text branch."""

    def loss(batch: Panels) -> Tensor:
        same = getattr(batch, f"same_{text}")
        image = network.branches["image"](batch.image).mean(dim=(2, 3))
        words = network.branches[text](getattr(batch, text)).flatten(1)
        return itc_loss(image, words, network.temperature, same[:, None] == same[None, :])

    return loss


@torch.no_grad()
def _evaluate(network: Network, panels: Panels, batch_size: int) -> float:
    """The total contrastive loss (equation 5) of `panels`, without dropout."""
    network.eval()
    totals = [
        sum((_itc(network, text)(panels[rows]) for text in ("llm", "vlm")), torch.tensor(0.0))
        for rows in _batches(len(panels), batch_size, shuffle=False)
    ]
    network.train()
    return torch.stack(totals).mean().item()


@torch.no_grad()
def _ranking(network: Network, panels: Panels) -> Tensor:
    """Self-similarity [n] of every record's pairs: the mean over (image, LLM) and (image, VLM)."""
    network.eval()
    z = {name: maps.mean(dim=(2, 3)) for name, maps in network.represent(panels).items()}
    network.train()
    return (self_similarity(z["image"], z["llm"]) + self_similarity(z["image"], z["vlm"])) / 2
