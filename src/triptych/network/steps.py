"""Training epochs with AdamW (section 4.1)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from triptych.config import Config
from triptych.network.compute import uses_bfloat16
from triptych.network.network import Network
from triptych.network.trained_encoders import Bottleneck, TunedImage, TunedText
from triptych.preparation.branch_inputs import BranchInputs

LossOf = Callable[[BranchInputs], Tensor]


class Steps:
    """A new AdamW optimizer with step-wise decay of its learning rate (section 4.1)."""

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
        """Train on `inputs` once, in random order; return the mean loss of the batches."""
        inputs = replace(inputs, pictures=None, plots=None, drawn_plots=None)  # unused by the network
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
    """Indices in batches; a last batch of one record is merged into the previous one, as it would have no negatives."""
    rows = torch.randperm(n) if shuffle else torch.arange(n)
    starts = list(range(0, n, size))
    if n > size and n % size == 1:
        starts.pop()
    return (rows[start:end] for start, end in zip(starts, [*starts[1:], n], strict=True))


def parameter_groups(network: Network, config: Config) -> list[dict[str, Any]]:
    """Trained parameters by learning rate; trained encoders and the adapters inside them have their own rates."""
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
