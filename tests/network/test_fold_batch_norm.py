import pytest
import torch
from torch import nn

from triptych.encoders.image import Lite0
from triptych.network.fold_batch_norm import fold_batch_norm


@pytest.mark.parametrize("size", [112, 160])
def test_folded_layers_compute_the_same_maps(size):
    torch.manual_seed(0)
    pixels = torch.rand(2, 3, size, size) * 2 - 1
    with torch.no_grad():
        network = Lite0().module().eval()
        expected = nn.Sequential(*network.first(16))(pixels)
        folded = nn.Sequential(*fold_batch_norm(network.first(16)))
        found = folded(pixels)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)
    assert expected.std() > 0.1
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())


def test_biases_are_trained_and_there_is_no_training_mode():
    torch.manual_seed(0)
    folded = nn.Sequential(*fold_batch_norm(Lite0().module().rest(12)))
    maps = torch.randn(3, 192, 4, 4)
    torch.testing.assert_close(folded.train()(maps), folded.eval()(maps))
    folded(maps).sum().backward()
    assert all(m.bias.grad is not None for m in folded.modules() if isinstance(m, nn.Conv2d))
