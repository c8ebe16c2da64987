from dataclasses import replace

import pytest
import torch

from triptych.network.phases import run_phase
from triptych.network.trial import brier_scores, conclude, divide, opinions
from triptych.progress import silent


def _try_out(network, panels, config):
    return run_phase("trial", network, network.compress(panels), config, silent)


@pytest.fixture
def many(panels):
    """Three hundred records."""
    return panels[torch.arange(30).repeat(10)]


def test_a_panel_that_tells_nothing_has_no_part_in_fusion(network, many, config):
    generator = torch.Generator().manual_seed(5)
    panels = replace(many, vlm=torch.randn(300, 10, generator=generator))
    curves = _try_out(network, panels, config)
    assert "vlm" not in network.heard_panels
    assert {"image", "llm", "readings"} <= network.heard_panels
    assert len(curves) == config.warm_up.epochs
    assert set(curves[0].losses) == set(network.branches)
    with torch.no_grad():
        compressed = network.compress(panels)
        other = replace(compressed, vlm=torch.zeros_like(compressed.vlm))
        torch.testing.assert_close(network(compressed), network(other))


def test_alignment_passes_over_panels_that_are_not_heard(network, panels, config):
    network.heard.copy_(torch.tensor([1.0, 0.0, 1.0, 1.0]))
    history = run_phase("alignment", network, network.compress(panels), config, silent)
    assert {name for epoch in history for name in epoch.losses} == {"itc_llm", "itc_pending"}
    network.heard.copy_(torch.tensor([0.0, 1.0, 1.0, 1.0]))
    assert run_phase("alignment", network, network.compress(panels), config, silent) == []


def test_the_best_branch_sets_the_pace(network):
    """Three branches, four epochs; the second branch is the best, after its second epoch."""
    scores = torch.tensor([[0.4, 0.3, 0.6], [0.3, 0.1, 0.6], [0.2, 0.2, 0.6], [0.3, 0.2, 0.6]])
    network.heard.resize_(3)
    conclude(network, scores, known=torch.tensor([0, 1]), truth=torch.tensor([0, 1]))
    assert network.pace.item() == 0.5
    assert network.heard.tolist() == [1, 1, 0]  # the classes' frequencies alone score 0.5


def test_where_nothing_tells_anything_the_best_panel_is_heard(network):
    conclude(network, torch.tensor([[0.9, 0.8, 0.7, 0.8]]), known=torch.tensor([0, 1]), truth=torch.tensor([0, 1]))
    assert network.heard_panels == {"llm"}


def test_the_phases_are_shortened(network, panels, config):
    network.pace.fill_(0.5)
    compressed = network.compress(panels)
    lengths = {name: len(run_phase(name, network, compressed, config, silent)) for name in ("warm-up", "fusion")}
    assert lengths == {"warm-up": config.warm_up.epochs // 2, "fusion": config.fusion.epochs // 2}


def test_records_with_the_same_picture_are_on_one_side(panels):
    torch.manual_seed(0)
    known, held_out = divide(replace(panels, same_image=torch.arange(30) // 3))
    assert len(known) + len(held_out) == 30
    assert not {i // 3 for i in known.tolist()} & {i // 3 for i in held_out.tolist()}


def test_the_trial_leaves_the_weights_as_they_were(network, many, config):
    before = {name: p.clone() for name, p in network.named_parameters()}
    assert _try_out(network, many, config)
    assert all(torch.equal(before[name], p) for name, p in network.named_parameters())


@pytest.mark.parametrize("records", ["too few", "not wanted"])
def test_without_a_trial_nothing_is_shortened(network, panels, many, config, records):
    few = records == "too few"
    assert _try_out(network, panels if few else many, config.changed(f"warm_up.trial={few}")) == []
    assert network.pace.item() == 1
    assert len(network.heard_panels) == 4


def test_brier_scores_are_squared_errors_of_probabilities(network, panels):
    compressed = network.eval().compress(panels)
    scores = brier_scores(opinions(network, compressed), panels.labels)
    with torch.no_grad():
        p = network.eval().branch_logits(compressed)["image"].softmax(dim=1)
    expected = sum((p[i, c] - (panels.labels[i] == c).float()) ** 2 for i in range(30) for c in range(2)) / 30
    assert scores[0].item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_few_large_groups_leave_every_class_something_to_learn_from(panels):
    many = replace(
        panels[torch.arange(30).repeat(4)], same_image=torch.arange(120) % 4 // 2 * 2 + torch.arange(120) % 2
    )
    for seed in range(30):
        torch.manual_seed(seed)
        known, held_out = divide(many)
        assert len(many.labels[known].unique()) == 2 or len(held_out) == 0
        assert len(held_out) <= 60


def test_a_single_group_is_never_tried_out(network, many, config):
    assert _try_out(network, replace(many, same_image=torch.zeros(300, dtype=torch.long)), config) == []
