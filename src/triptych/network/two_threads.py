"""Runs a network on the two halves of a batch, each in its own thread.

PyTorch's own threads divide single operations and are synchronised after each of them. If another process uses one of
the cores, a step then takes thirty times as long. The two halves are synchronised only after the forward and after the
backward pass. The batch is divided in the same way on any number of cores, so the result is the same, too.
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
    """A network and a copy of it that shares its weights but has its own gradients. Random layers are not allowed.

    Args:
        network: maps a batch [b, ...] to features [b, c].
        pool: a pool of two threads.
    """

    def __init__(self, network: nn.Module, pool: ThreadPoolExecutor) -> None:
        self.pool, self.networks = pool, (network, copy.deepcopy(network))
        for own, other in self._weights():
            other.data = own.data

    @classmethod
    @contextmanager
    def of(cls, network: nn.Module) -> Iterator[Self]:
        """The halves of `network`, with a pool that is closed at the end of the context."""
        with torch_threads(1), ThreadPoolExecutor(2, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield cls(network, pool)

    def forward(self, batch: Tensor) -> list[Tensor]:
        """The features of each half."""
        return list(self.pool.map(lambda network, half: network(half), self.networks, batch.chunk(2)))

    def backward(self, features: list[Tensor], gradient: Tensor) -> None:
        """Backpropagate the gradient [b, c] of both halves' features, which adds to the gradients of the weights."""
        parts = gradient.split([len(half) for half in features])
        list(self.pool.map(lambda half, part: half.backward(part), features, parts))
        for own, other in self._weights():
            if other.grad is not None:
                own.grad = other.grad if own.grad is None else own.grad.add_(other.grad)
                other.grad = None

    def _weights(self) -> Iterator[tuple[nn.Parameter, nn.Parameter]]:
        return zip(*(network.parameters() for network in self.networks), strict=True)
