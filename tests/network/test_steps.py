import pytest
import torch

from triptych.config import load_config
from triptych.encoders.chosen import open_encoders
from triptych.network.network import Network, Sizes
from triptych.network.steps import Steps, batches, parameter_groups


@pytest.fixture
def settings(checkpoints):
    encoders = [f"encoders.{kind}=transformers:{checkpoints[kind]}" for kind in ("image", "text")]
    return (*encoders, "encoders.dim=16", "fusion.reduced=8")


def _network(config):
    encoders = open_encoders(config.encoders)
    return Network(config, Sizes(encoders.image.channels, encoders.image.grid, encoders.text.channels, 0, 2), encoders)


def _rates(config):
    """Learning rate by name of all that is trained."""
    network = _network(config)
    names = {id(p): name for name, p in network.named_parameters()}
    return {names[id(p)]: group["lr"] for group in parameter_groups(network, config) for p in group["params"]}


@pytest.mark.parametrize(("n", "sizes"), [(20, [10, 10]), (23, [10, 10, 3]), (21, [10, 11]), (1, [1])])
def test_a_last_batch_of_one_joins_its_neighbour(n, sizes):
    rows = list(batches(n, 10, shuffle=False))
    assert [len(part) for part in rows] == sizes
    assert torch.cat(rows).tolist() == list(range(n))


def test_shuffled_batches_hold_every_record_once():
    assert sorted(torch.cat(list(batches(23, 10, shuffle=True))).tolist()) == list(range(23))


def test_encoders_adapters_and_all_else_learn_at_rates_of_their_own(settings):
    full = _rates(load_config(None, (*settings, "encoders.tune=full")))
    encoder = {name for name in full if ".encoder." in name}
    assert {full[name] for name in encoder} == {5e-5}
    assert {rate for name, rate in full.items() if name not in encoder} == {3e-3}
    adapted = _rates(load_config(None, (*settings, "encoders.tune=adapters")))
    inner = {name: rate for name, rate in adapted.items() if ".encoder." in name}
    assert set(inner.values()) == {1e-3}
    assert all(".adapter." in name for name in inner)


def test_the_temperature_is_trained(settings):
    assert "log_temperature" in _rates(load_config(None, settings))


def test_the_optimizer_is_adamw_with_the_papers_values(settings):
    config = load_config(None, settings)
    optimizer = Steps(_network(config), config).optimizer
    assert isinstance(optimizer, torch.optim.AdamW)
    assert (optimizer.defaults["betas"], optimizer.defaults["eps"]) == ((0.9, 0.999), 1e-8)
