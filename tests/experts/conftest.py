"""The fixtures of `small_network`, and training sets made of them."""

import pytest

from small_network import SIZES, _one_thread, config, inputs, network, sizes
from triptych.encoders.chosen import open_encoders
from triptych.experts.expert import Context, TrainingSet
from triptych.features.vector import Features

__all__ = ["_one_thread", "config", "context", "data", "inputs", "network", "sizes"]


@pytest.fixture
def context(config):
    return Context(config, SIZES, open_encoders(config.encoders))


@pytest.fixture
def data(context, inputs):
    """Thirty records of two classes, which show a little in every input."""
    return TrainingSet(context, Features(["a", "b", "c", "d"]), inputs)
