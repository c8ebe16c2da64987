"""The training phases of the paper: warm-up, progressive alignment and fusion.

The random state of each phase is derived from the seed and the name of the phase. A run that is resumed between two
phases therefore gives the same result.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from triptych.cache import derived_seed
from triptych.config import Config
from triptych.network.contrastive_loss import itc_loss, self_similarity
from triptych.network.network import TEXTS, Network
from triptych.network.pfa import Stage, next_stage
from triptych.network.steps import LossOf, Steps, batches
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track


@dataclass(frozen=True)
class Epoch:
    """A point of the training curves: mean losses by name over one epoch."""

    phase: str
    epoch: int
    losses: dict[str, float]


Phase = Callable[[Network, BranchInputs, Config, Track], list[Epoch]]


def warm_up(network: Network, inputs: BranchInputs, config: Config, track: Track) -> list[Epoch]:
    """Train every branch alone with cross-entropy (section 3.2); the readings branch also learns from drawn records."""
    steps, loss = Steps(network, config), warm_up_loss(network)
    return [
        Epoch("warm-up", epoch, {"cross_entropy": steps.epoch(inputs, loss)})
        for epoch in track(range(config.warm_up.epochs), "Warm-up")
    ]


def warm_up_loss(network: Network) -> LossOf:
    """The sum of the cross-entropies of each branch alone."""

    def loss(batch: BranchInputs) -> Tensor:
        assert batch.labels is not None
        losses = [F.cross_entropy(logits, batch.labels) for logits in network.branch_logits(batch).values()]
        if batch.variants is not None:
            losses.append(_variants_loss(batch, network.readings_alone))
        return torch.stack(losses).sum()

    return loss


def align(network: Network, inputs: BranchInputs, config: Config, track: Track) -> list[Epoch]:
    """Align image and texts progressively (section 3.3): in every epoch (image, LLM) first, then (image, VLM).

    Every stage has a new optimizer, which starts again at the initial learning rate. The validation loss of a stage is
    computed on D_pend, the records of later stages. Inactive branches are not aligned, because alignment would also
    change the active ones.
    """
    inputs = replace(inputs, variants=None)  # drawn records have no image or text to align
    history: list[Epoch] = []
    stage: Stage | None = None
    ranking, steps = torch.empty(0), None
    epochs = range(config.alignment.epochs)
    texts = [text for text in TEXTS if {"image", text} <= network.active_branches]
    if not texts:
        return []
    for share, epoch in track([(s, e) for s in config.alignment.stages for e in epochs], "Alignment"):
        if epoch == 0:
            if stage is None or config.alignment.rerank:
                ranking = rank(network, inputs)
            stage, steps = next_stage(ranking, share, stage), Steps(network, config)
        assert stage is not None
        assert steps is not None
        subset = inputs[stage.training]
        losses = {f"itc_{text}": steps.epoch(subset, _itc(network, text)) for text in texts}
        if len(stage.pending) > 1:
            losses["itc_pending"] = _evaluate(network, inputs[stage.pending], config.optimizer.batch_size)
        history.append(Epoch(f"align {share:g}", epoch, losses))
    return history


def fuse(network: Network, inputs: BranchInputs, config: Config, track: Track) -> list[Epoch]:
    """Train fusion, classifier and adapters with cross-entropy (sections 3.4 and 4.1).

    Drawn records have only readings. Together they have the same weight as the records they were drawn from.

    The final weights are the means over the last epochs (`fusion.averaged`, beyond the paper): with few records, the
    weights vary between epochs, and their mean is better than most of them.
    """

    def loss(batch: BranchInputs) -> Tensor:
        assert batch.labels is not None
        smoothing = config.fusion.label_smoothing
        loss = F.cross_entropy(network(batch), batch.labels, label_smoothing=smoothing)
        return loss if batch.variants is None else loss + _variants_loss(batch, network.readings_logits, smoothing)

    steps, history, epochs = Steps(network, config), [], config.fusion.epochs
    averaged = AveragedModel(network) if config.fusion.averaged else None
    for epoch in track(range(epochs), "Fusion"):
        history.append(Epoch("fusion", epoch, {"cross_entropy": steps.epoch(inputs, loss)}))
        if averaged and epoch >= (1 - config.fusion.averaged) * epochs:
            averaged.update_parameters(network)
    if averaged and averaged.n_averaged:
        network.load_state_dict(averaged.module.state_dict())
    return history


def _variants_loss(batch: BranchInputs, logits_of: Callable[[Tensor], Tensor], label_smoothing: float = 0.0) -> Tensor:
    """The cross-entropy of the records drawn from the records of a batch; they have only readings."""
    assert batch.variants is not None
    assert batch.labels is not None
    labels = batch.labels.repeat_interleave(batch.variants.shape[1])
    return F.cross_entropy(logits_of(batch.variants.flatten(0, 1)), labels, label_smoothing=label_smoothing)


EVALUATED = 64  # batch size without gradients
PHASES: dict[str, Phase] = {
    "warm-up": warm_up,
    "alignment": align,
    "fusion": fuse,
}


def run_phase(name: str, network: Network, inputs: BranchInputs, config: Config, track: Track) -> list[Epoch]:
    """Run one phase of PHASES on compressed inputs, in training mode and from its own random state."""
    inputs = inputs.to(network.device)
    cuda = [network.device] if network.device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        torch.manual_seed(derived_seed(config.seed, name))
        network.train()
        history = PHASES[name](network, inputs, config, track)
        network.eval()
    return history


@torch.no_grad()
def rank(network: Network, inputs: BranchInputs) -> Tensor:
    """Self-similarity [n] of every record: the mean over its pairs (image, LLM) and (image, VLM)."""
    training, similarity = network.training, []
    network.eval()
    for rows in batches(len(inputs), EVALUATED, shuffle=False):
        z = {name: maps.mean(dim=(2, 3)) for name, maps in network.represent(inputs[rows]).items()}
        similarity.append(sum((self_similarity(z["image"], z[text]) for text in TEXTS), torch.tensor(0.0)) / len(TEXTS))
    network.train(training)
    return torch.cat(similarity).cpu()


def _itc(network: Network, text: str) -> LossOf:
    """The contrastive loss of the image branch and one text branch, over the records that have this text."""

    def loss(batch: BranchInputs) -> Tensor:
        if (missing := getattr(batch, f"missing_{text}")) is not None:
            batch = batch[~missing]
        if len(batch) < 2:
            return 0 * network.temperature  # no negatives; a loss that can still be differentiated
        same = getattr(batch, f"same_{text}")
        image = network.branches["image"](batch.image).mean(dim=(2, 3)).float()
        words = network.branches[text](getattr(batch, text)).flatten(1).float()
        return itc_loss(image, words, network.temperature, same[:, None] == same[None, :])

    return loss


@torch.no_grad()
def _evaluate(network: Network, inputs: BranchInputs, batch_size: int) -> float:
    """The total contrastive loss (equation 5) of `inputs`, without dropout."""
    network.eval()
    totals = [
        torch.stack([_itc(network, text)(inputs[rows]) for text in TEXTS]).sum()
        for rows in batches(len(inputs), batch_size, shuffle=False)
    ]
    network.train()
    return torch.stack(totals).mean().item()


def shortened(config: Config, share: float) -> Config:
    """`config` with `share` of the epochs of every phase; at least one epoch, unless the phase has none."""
    sections = {}
    for name in ("warm_up", "alignment", "fusion"):
        section = getattr(config, name)
        epochs = min(section.epochs, max(1, round(share * section.epochs)))
        sections[name] = section.model_copy(update={"epochs": epochs})
    return config.model_copy(update=sections)
