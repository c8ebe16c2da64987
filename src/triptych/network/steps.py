"""Steps of AdamW as in section 4.1, epoch by epoch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from triptych.config import Config
from triptych.network.compute import uses_bfloat16
from triptych.network.network import Network
from triptych.network.tuned import Bottleneck, TunedImage, TunedText
from triptych.preparation.branch_inputs import BranchInputs

LossOf = Callable[[BranchInputs], Tensor]


class Steps:
    """AdamW with step-wise decay (section 4.1), from a fresh state."""

    def __init__(self, network: Network, config: Config) -> None:
        o = config.optimizer
        self.batch_size = o.batch_size
        self.optimizer = torch.optim.AdamW(
            parameter_groups(network, config), o.learning_rate, o.betas, o.eps, o.weight_decay, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.StepLR(self.optimizer, o.decay_every, o.decay)
        self.device = network.device
        self.half = uses_bfloat16(config, network.device)

    def epoch(self, inputs: BranchInputs, loss_of: LossOf) -> float:
        """One pass over `inputs` in random order; the mean loss of its batches."""
        inputs = replace(inputs, pictures=None, plots=None, drawn_plots=None)  # an expert of their own learns from them
        losses = []
        for rows in batches(len(inputs), self.batch_size, shuffle=True):
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
                loss = loss_of(inputs[rows])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            losses.append(loss.detach())
        self.schedule.step()
        return torch.stack(losses).mean().item()


def batches(n: int, size: int, *, shuffle: bool) -> Iterator[Tensor]:
    """Indices in batches; a last batch of one joins its neighbour, for one record has no negatives."""
    rows = torch.randperm(n) if shuffle else torch.arange(n)
    starts = list(range(0, n, size))
    if n > size and n % size == 1:
        starts.pop()
    return (rows[start:end] for start, end in zip(starts, [*starts[1:], n], strict=True))


def parameter_groups(network: Network, config: Config) -> list[dict[str, Any]]:
    """All that is trained, with its learning rate: encoders that are trained, and adapters in them, have their own."""
    encoders = [m.encoder for m in network.branches.values() if isinstance(m, TunedImage | TunedText)]
    bottlenecks = [m for encoder in encoders for m in encoder.modules() if isinstance(m, Bottleneck)]
    rate_of = {id(p): config.encoders.learning_rate for p in _parameters(encoders)}
    rate_of |= {id(p): config.encoders.adapters_learning_rate for p in _parameters(bottlenecks)}
    groups: dict[float, list[nn.Parameter]] = {}
    for p in network.parameters():
        if p.requires_grad:
            groups.setdefault(rate_of.get(id(p), config.optimizer.learning_rate), []).append(p)
    return [{"params": members, "lr": rate} for rate, members in groups.items()]


def _parameters(modules: Sequence[nn.Module]) -> Iterator[nn.Parameter]:
    return (p for module in modules for p in module.parameters())
