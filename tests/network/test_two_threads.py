import copy

import pytest
import torch
from torch import nn

from triptych.network.two_threads import Halves


def _network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))


@pytest.mark.parametrize("size", [2, 7, 8])
def test_halves_learn_what_the_whole_batch_does(size):
    network, batch = _network(), torch.randn(size, 2, 6, 6)
    twin = copy.deepcopy(network)
    twin[0].bias.requires_grad_(False)
    network[0].bias.requires_grad_(False)
    optimizers = [torch.optim.SGD(n.parameters(), 0.1) for n in (network, twin)]
    for _ in range(3):
        for optimizer in optimizers:
            optimizer.zero_grad()
        with Halves.of(network) as halves:
            parts = halves.forward(batch)
            assert len(parts) == 2
            features = torch.cat(parts).detach().requires_grad_()
            features.square().sum().backward()
            halves.backward(parts, features.grad)
        twin(batch).square().sum().backward()
        for own, expected in zip(network.parameters(), twin.parameters(), strict=True):
            if expected.grad is not None:
                torch.testing.assert_close(own.grad, expected.grad)
                assert own.grad.abs().sum() > 0
        for optimizer in optimizers:
            optimizer.step()
    assert not torch.equal(network[4].weight, _network()[4].weight)


def test_the_same_halves_whatever_the_threads():
    found = []
    for threads in (1, 2):
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        try:
            with Halves.of(_network()) as halves:
                found.append(torch.cat(halves.forward(torch.ones(6, 2, 9, 9))))
                assert torch.get_num_threads() == 1
            assert torch.get_num_threads() == threads
        finally:
            torch.set_num_threads(before)
    assert torch.equal(*found)
