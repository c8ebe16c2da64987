from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from triptych.encoders.image import PixelEncoder
from triptych.evaluation.peers import PeerRecord
from triptych.evaluation.peers.finetuned import FineTuned
from triptych.progress import silent


class Small(PixelEncoder):
    """A convolution that starts without any notion of colour."""

    id, channels, grid = "small", 4, 4

    def pixels(self, image: Image.Image):
        return np.ascontiguousarray(np.asarray(image.resize((8, 8)), dtype=np.uint8).transpose(2, 0, 1))

    def module(self):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return nn.Sequential(_Scale(), nn.Conv2d(3, 4, 2, stride=2), nn.BatchNorm2d(4), nn.ReLU())


class _Scale(nn.Module):
    def forward(self, pixels):
        return pixels / 255 - 0.5


@pytest.fixture(scope="module")
def seen():
    colours = [(200 + i, 30, 30) if i % 2 else (30, 30, 200 + i) for i in range(20)]
    return [PeerRecord(partial(Image.new, "RGB", (16, 16), colour), {}) for colour in colours]


LABELS = ["red" if i % 2 else "blue" for i in range(20)]


@pytest.fixture
def _fast(monkeypatch):
    monkeypatch.setattr("triptych.evaluation.peers.finetuned.LEARNING_RATE", 1e-2)


@pytest.mark.usefixtures("_fast")
def test_all_weights_are_trained_but_statistics_stay(seen):
    fitted = FineTuned(Small).fit(seen, LABELS, 0, silent)
    found = fitted.predict(seen)
    assert found.labels == LABELS
    assert found.probabilities[0] == pytest.approx([1, 0], abs=0.4)
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    convolution, norm = fitted.network[0][1], fitted.network[0][2]
    assert not torch.equal(convolution.weight, Small().module()[1].weight)
    torch.testing.assert_close(norm.running_mean, torch.zeros(4))


@pytest.mark.usefixtures("_fast")
def test_the_seed_decides(seen):
    one, again, other = (FineTuned(Small).fit(seen, LABELS, seed, silent).network[-1].weight for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@pytest.mark.usefixtures("_fast")
def test_it_ends_when_nothing_is_left_to_learn(seen, monkeypatch):
    peer, losses = FineTuned(Small), []
    epoch = peer._epoch
    monkeypatch.setattr(peer, "_epoch", lambda *given: losses.append(epoch(*given)) or losses[-1])
    monkeypatch.setattr("triptych.evaluation.peers.finetuned.LEARNED", 0.5)
    peer.fit(seen, LABELS, 0, silent)
    assert losses[-1] < 0.5 <= min(losses[:-1])
