import numpy as np
import pytest
import torch
from torch import nn

from triptych.config import PictureConfig
from triptych.encoders.image import Lite0
from triptych.experts.picture_encoder import PictureEncoder
from triptych.preparation.pictures import has_plot, plot_picture, turned


def _ring(radius: float) -> np.ndarray:
    y, x = np.mgrid[-1:1:32j, -1:1:32j]
    density = np.exp(-(((np.hypot(x, y) - radius) / 0.1) ** 2)).astype(np.float32)
    return density / density.sum()


@pytest.fixture(scope="module")
def encoder():
    torch.manual_seed(0)
    return PictureEncoder(3, PictureConfig())


def test_a_plot_is_darkest_where_most_dots_are_whatever_their_number():
    density = np.zeros((4, 4), dtype=np.float32)
    density[0, 1], density[2, 2] = 0.8, 0.2
    picture = plot_picture(density, 4)
    assert picture[0, 1] == 0
    assert picture[2, 2] == 128  # the root, so that what is rare is seen too
    assert (np.delete(picture.ravel(), [1, 10]) == 255).all()
    assert (plot_picture(7 * density, 4) == picture).all()


@pytest.mark.parametrize("density", [None, np.zeros((4, 4), dtype=np.float32)])
def test_no_plot_is_a_white_picture(density):
    pictures = torch.from_numpy(np.stack([plot_picture(density, 4), plot_picture(np.eye(4, dtype=np.float32), 4)]))
    assert has_plot(pictures).tolist() == [False, True]


def test_the_encoder_is_the_network_in_two_parts(encoder):
    network = Lite0().module().eval()
    plot = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (112, 112), dtype=np.uint8))
    with torch.no_grad():
        whole = network(plot.expand(1, 3, -1, -1)).mean(dim=(2, 3))
        torch.testing.assert_close(encoder.eval().late(encoder.maps(plot[None, None])), whole)
    assert whole.std() > 0.1


def test_the_late_layers_are_trained_but_for_depthwise_filters(encoder):
    assert not any(p.requires_grad for p in encoder.early.parameters())
    convolutions = [m for m in encoder.late.modules() if isinstance(m, nn.Conv2d)]
    assert all(c.weight.requires_grad == (c.groups == 1) for c in convolutions)
    depthwise = sum(c.weight.numel() for c in convolutions if c.groups > 1)
    assert 0 < depthwise / sum(p.numel() for p in encoder.late.parameters()) < 0.06


def test_it_tells_plots_apart_and_has_dropout_in_training_only(encoder):
    plots = torch.from_numpy(np.stack([plot_picture(_ring(r), 32) for r in (0.2, 0.5, 0.8)]))[:, None]
    assert not torch.allclose(encoder.train()(plots), encoder(plots))
    encoder.eval()
    with torch.no_grad():
        logits = encoder(plots)
        assert logits.shape == (3, 3)
        torch.testing.assert_close(encoder(plots), logits)
        assert not torch.allclose(logits[0], logits[2])


def test_a_plot_seen_turned_is_judged_alike_all_ways_up(encoder):
    half = torch.from_numpy(plot_picture(_ring(0.5) * (np.arange(32) < 16), 32))[None, None]
    with torch.no_grad():
        seen = [encoder.eval().log_probabilities(half.rot90(k, (2, 3)), turned=True) for k in (0, 1)]
        plain = [encoder.log_probabilities(half.rot90(k, (2, 3)), turned=False) for k in range(4)]
    torch.testing.assert_close(seen[0], seen[1])
    torch.testing.assert_close(seen[0], torch.stack(plain).exp().mean(dim=0).log())
    assert not torch.allclose(plain[0], plain[1])


def test_a_plot_lies_seven_other_ways():
    plots = torch.arange(18).reshape(2, 3, 3)
    ways = turned(plots)
    assert ways.shape == (2, 7, 3, 3)
    assert len({tuple(way.flatten().tolist()) for way in [plots[1], *ways[1]]}) == 8
    assert all(
        (way[1, 1] == plots[1, 1, 1]) and sorted(way.flatten().tolist()) == list(range(9, 18)) for way in ways[1]
    )
