"""A small network problem with two classes, quick to train."""

import pytest
import torch

from triptych.config import Config, load_config
from triptych.encoders.chosen import open_encoders
from triptych.network.network import Network, Sizes
from triptych.preparation.branch_inputs import BranchInputs
from triptych.threads import torch_threads


@pytest.fixture(autouse=True)
def _one_thread():
    """As in every run: on networks this small, threads only wait for one another."""
    with torch_threads(1):
        yield


SIZES = Sizes(channels=12, grid=2, text=10, readings=4, classes=2)


@pytest.fixture
def sizes() -> Sizes:
    return SIZES


@pytest.fixture
def config() -> Config:
    settings = (
        "encoders.dim=16",
        "encoders.image_components=8",
        "fusion.reduced=8",
        "warm_up.epochs=4",
        "optimizer.learning_rate=1e-2",
        "encoders.dropout=0.3",
        "fusion.epochs=12",
    )
    return load_config(None, (*settings, "alignment.epochs=2", "alignment.stages=[0.4, 1.0]"))


@pytest.fixture
def inputs() -> BranchInputs:
    """Thirty records; the class shows a little in every branch."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(30) % 2
    shift = (2.0 * labels - 1.0)[:, None]

    def vector(width: int) -> torch.Tensor:
        return torch.randn(30, width, generator=generator) + shift

    return BranchInputs(
        image=torch.randn(30, 12, 2, 2, generator=generator) + shift[..., None, None],
        vlm=vector(10),
        llm=vector(10),
        same_vlm=torch.arange(30),
        same_llm=torch.arange(30),
        readings=vector(4),
        labels=labels,
    )


@pytest.fixture
def network(config: Config, inputs: BranchInputs) -> Network:
    torch.manual_seed(0)
    network = Network(config, SIZES, open_encoders(config.encoders))
    network.fit_inputs(inputs)
    return network
