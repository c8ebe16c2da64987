"""A network that takes each half of a batch on a thread of its own.

Torch's own threads share single operations and wait for one another after each. If another process uses one of the
cores, a step takes thirty times as long. The halves meet once a step. They are the same halves on any number of cores,
so the result is the same too.
"""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

import torch
from torch import Tensor, nn

from triptych.threads import torch_threads


class Halves:
    """A network and its twin, which has the same weights but gradients of its own. Random layers have no place in it.

    Args:
        network: from a batch [b, ...] to features [b, c].
        pool: two threads.
    """

    def __init__(self, network: nn.Module, pool: ThreadPoolExecutor) -> None:
        self.pool, self.networks = pool, (network, copy.deepcopy(network))
        for own, other in self._weights():
            other.data = own.data

    @classmethod
    @contextmanager
    def of(cls, network: nn.Module) -> Iterator[Self]:
        """The halves of `network`, with their threads."""
        with torch_threads(1), ThreadPoolExecutor(2, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield cls(network, pool)

    def forward(self, batch: Tensor) -> list[Tensor]:
        """The features of each half."""
        return list(self.pool.map(lambda network, half: network(half), self.networks, batch.chunk(2)))

    def backward(self, features: list[Tensor], gradient: Tensor) -> None:
        """Add what the gradient [b, c] of both halves' features means for the weights."""
        parts = gradient.split([len(half) for half in features])
        list(self.pool.map(lambda half, part: half.backward(part), features, parts))
        for own, other in self._weights():
            if other.grad is not None:
                own.grad = other.grad if own.grad is None else own.grad.add_(other.grad)
                other.grad = None

    def _weights(self) -> Iterator[tuple[nn.Parameter, nn.Parameter]]:
        return zip(*(network.parameters() for network in self.networks), strict=True)
