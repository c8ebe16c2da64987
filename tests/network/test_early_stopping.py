from dataclasses import replace

import pytest
import torch

from triptych.network.early_stopping import (
    Curves,
    branch_log_probabilities,
    conclude,
    squared_errors,
    warm_up_curves,
)
from triptych.network.phases import run_phase, shortened
from triptych.progress import silent

BRANCHES = ("image", "vlm", "llm")


def _curves(errors, blind=0.5, count=1):
    return Curves(BRANCHES, count * torch.tensor(errors), count * blind, count)


def test_the_best_branch_sets_the_epochs(config):
    """Three branches, four epochs; the second branch is the best, after its second epoch."""
    found = _curves([[0.4, 0.3, 0.6], [0.3, 0.1, 0.6], [0.2, 0.2, 0.6], [0.3, 0.2, 0.6]])
    assert conclude([found], config) == (0.5, {"image", "vlm"})  # the class frequencies alone score 0.5


def test_folds_count_by_their_records(config):
    few, many = _curves([[0.1, 0.6, 0.6], [0.9, 0.6, 0.6]]), _curves([[0.3, 0.6, 0.6], [0.1, 0.6, 0.6]], count=9)
    assert conclude([few, many], config)[0] == 1.0
    assert conclude([few, few, replace(many, errors=many.errors / 9, blind=0.5, count=1)], config)[0] == 0.5


def test_where_no_branch_is_of_use_the_best_is_active(config):
    assert conclude([_curves([[0.9, 0.8, 0.7]])], config)[1] == {"llm"}


def test_no_training_is_shorter_than_the_configuration_allows(config):
    rising = _curves([[0.1 + 0.01 * epoch, 0.6, 0.6] for epoch in range(40)])
    assert conclude([rising], config)[0] == config.cross_fitting.least_epochs


def test_a_branch_of_noise_is_found_by_records_held_out(network, inputs, config):
    generator = torch.Generator().manual_seed(5)
    many = inputs[torch.arange(30).repeat(10)]
    noisy = replace(many, vlm=torch.randn(300, 10, generator=generator))
    compressed = network.compress(noisy)
    rows = torch.arange(300)
    found = warm_up_curves(network, compressed[rows[:200]], compressed[rows[200:]], config, silent)
    assert found.errors.shape == (config.warm_up.epochs, 4)
    _, active = conclude([found], config)
    assert active == {"image", "llm", "readings"}


def test_squared_errors_are_those_of_probabilities(network, inputs):
    compressed = network.eval().compress(inputs)
    errors = squared_errors(branch_log_probabilities(network, compressed), inputs.labels)
    with torch.no_grad():
        p = network.eval().branch_logits(compressed)["image"].softmax(dim=1)
    expected = sum((p[i, c] - (inputs.labels[i] == c).float()) ** 2 for i in range(30) for c in range(2))
    assert errors[0].item() == pytest.approx(expected.item(), rel=1e-5)


def test_what_is_not_active_takes_no_part_in_fusion(network, inputs):
    network.activate({"image", "llm", "readings"})
    assert network.active_branches == {"image", "llm", "readings"}
    compressed = network.eval().compress(inputs)
    with torch.no_grad():
        other = replace(compressed, vlm=torch.zeros_like(compressed.vlm))
        torch.testing.assert_close(network(compressed), network(other))


def test_branches_that_are_not_active_are_not_aligned(network, inputs, config):
    network.activate({"image", "llm", "readings"})
    history = run_phase("alignment", network, network.compress(inputs), config, silent)
    assert {name for epoch in history for name in epoch.losses} == {"itc_llm", "itc_pending"}
    network.activate({"vlm", "llm", "readings"})
    assert run_phase("alignment", network, network.compress(inputs), config, silent) == []


def test_all_phases_are_shortened_alike(config):
    short = shortened(config, 0.5)
    assert (short.warm_up.epochs, short.fusion.epochs) == (config.warm_up.epochs // 2, config.fusion.epochs // 2)
    assert shortened(config, 0.01).fusion.epochs == 1
    assert shortened(config.changed("fusion.epochs=0"), 0.5).fusion.epochs == 0
