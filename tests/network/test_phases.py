import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from triptych.network.contrastive_loss import itc_loss
from triptych.network.pfa import next_stage
from triptych.network.phases import PHASES, rank, run_phase
from triptych.progress import silent


def _run(name, network, inputs, config):
    return run_phase(name, network, network.compress(inputs), config, silent)


def _state(network):
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def test_the_phases_come_in_the_papers_order():
    assert list(PHASES) == ["warm-up", "alignment", "fusion"]


def test_warm_up_trains_every_branch_alone_and_leaves_fusion_untouched(network, inputs, config):
    before = _state(network)
    _run("warm-up", network, inputs, config)
    accuracy = {
        name: (logits.argmax(1) == inputs.labels).float().mean().item()
        for name, logits in network.branch_logits(network.compress(inputs)).items()
    }
    assert set(accuracy) == {"image", "vlm", "llm", "readings"}
    assert min(accuracy.values()) > 0.9
    after = network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith(("fusion", "classifier")))


def test_alignment_brings_images_and_their_texts_together(network, inputs, config):
    config = config.model_copy(update={"alignment": config.alignment.model_copy(update={"epochs": 15})})
    compressed = network.compress(inputs)

    def margin() -> float:
        """How much nearer an image is to its own text than to the others', as cosines."""
        with torch.no_grad():
            z = {
                name: torch.nn.functional.normalize(m.mean((2, 3))) for name, m in network.represent(compressed).items()
            }
        cosines = torch.stack([z["image"] @ z[text].T for text in ("llm", "vlm")])
        return (cosines.diagonal(dim1=1, dim2=2).mean() - cosines.mean()).item()

    before = margin()
    history = _run("alignment", network, inputs, config)
    assert margin() > max(0.2, 4 * abs(before))
    assert history[-1].losses["itc_llm"] < history[0].losses["itc_llm"]


def test_alignment_validates_each_stage_on_what_is_pending(network, inputs, config):
    history = _run("alignment", network, inputs, config)
    assert [epoch.phase for epoch in history] == ["align 0.4"] * 2 + ["align 1"] * 2
    assert ["itc_pending" in epoch.losses for epoch in history] == [True, True, False, False]
    assert set(history[0].losses) == {"itc_llm", "itc_vlm", "itc_pending"}


def test_records_are_ranked_by_the_mean_cosine_of_their_two_pairs(network, inputs):
    compressed = network.eval().compress(inputs)
    with torch.no_grad():
        z = {name: maps.mean(dim=(2, 3)) for name, maps in network.represent(compressed).items()}

    def cosine(a, b):
        return float(a @ b / (a @ a).sqrt() / (b @ b).sqrt())

    found = rank(network, compressed)
    for i in (0, 7, 29):
        pairs = [cosine(z["image"][i], z[text][i]) for text in ("llm", "vlm")]
        assert found[i].item() == pytest.approx(sum(pairs) / 2, abs=1e-5)


def test_the_first_stage_takes_the_least_similar_pairs(network, inputs, config, monkeypatch):
    taken = []

    def spy(similarity, share, previous=None):
        taken.append((similarity, next_stage(similarity, share, previous)))
        return taken[-1][1]

    monkeypatch.setattr("triptych.network.phases.next_stage", spy)
    _run("alignment", network, inputs, config)
    similarity, stage = taken[0]
    assert len(stage.training) == 12  # 0.4 of 30
    assert similarity[stage.training].max() <= similarity[stage.pending].min()


@pytest.mark.parametrize("rerank", [False, True])
def test_records_are_ranked_again_only_on_request(network, inputs, config, monkeypatch, rerank):
    calls = []
    monkeypatch.setattr("triptych.network.phases.rank", lambda *a: calls.append(1) or rank(*a))
    _run("alignment", network, inputs, config.changed(f"alignment.rerank={rerank}"))
    assert len(calls) == (2 if rerank else 1)


def test_the_llm_is_aligned_before_the_vlm_at_every_epoch(network, inputs, config, monkeypatch):
    from triptych.network import phases

    order, loss_for = [], phases._itc
    monkeypatch.setattr(phases, "_evaluate", lambda *_: 0.0)
    monkeypatch.setattr(phases, "_itc", lambda network, text: order.append(text) or loss_for(network, text))
    _run("alignment", network, inputs, config)
    assert order == ["llm", "vlm"] * 4  # two stages of two epochs


def test_the_pending_loss_is_the_sum_of_equation_5(network, inputs):
    from triptych.network.phases import _evaluate

    compressed = network.eval().compress(inputs)
    with torch.no_grad():
        z = {name: maps.mean(dim=(2, 3)) for name, maps in network.represent(compressed).items()}
        total = sum(itc_loss(z["image"], z[text], network.temperature) for text in ("llm", "vlm"))
    assert _evaluate(network, compressed, batch_size=30) == pytest.approx(total.item(), rel=1e-5)


def test_records_without_a_text_are_contrasted_with_none(network, inputs):
    from triptych.network.phases import _itc

    compressed = network.eval().compress(inputs)
    missing = torch.arange(30) >= 20
    some = _itc(network, "llm")(replace(compressed, missing_llm=missing))
    torch.testing.assert_close(some, _itc(network, "llm")(compressed[torch.arange(20)]))
    none = _itc(network, "llm")(replace(compressed, missing_llm=torch.ones(30, dtype=torch.bool)))
    assert none.item() == 0


@pytest.mark.parametrize("phase", list(PHASES))
def test_training_goes_on_where_all_answers_of_one_kind_are_missing(network, inputs, config, phase):
    inputs = replace(inputs, missing_vlm=torch.ones(30, dtype=torch.bool))
    history = _run(phase, network, inputs, config)
    assert all(np.isfinite(list(epoch.losses.values())).all() for epoch in history)


def test_without_stages_nothing_is_aligned(network, inputs, config):
    before = _state(network)
    config = config.model_copy(update={"alignment": config.alignment.model_copy(update={"stages": ()})})
    assert _run("alignment", network, inputs, config) == []
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


def test_fusion_learns_the_classes(network, inputs, config):
    history = _run("fusion", network, inputs, config)
    assert history[-1].losses["cross_entropy"] < history[0].losses["cross_entropy"]
    with torch.no_grad():
        predicted = network(network.compress(inputs)).argmax(1)
    assert (predicted == inputs.labels).float().mean() > 0.9


def test_drawn_records_teach_the_readings_branch_and_fusion_without_other_inputs(network, inputs, config):
    """The records' own readings tell nothing here; those drawn from them do."""
    generator = torch.Generator().manual_seed(1)
    shift = (2.0 * inputs.labels - 1.0)[:, None, None]
    drawn = replace(
        inputs,
        readings=torch.randn(30, 4, generator=generator),
        variants=torch.randn(30, 5, 4, generator=generator) + shift,
    )
    compressed = network.compress(drawn)
    for phase in ("warm-up", "fusion"):
        _run(phase, network, drawn, config)
        with torch.no_grad():
            own = network.heads["readings"](network.branches["readings"](compressed.variants[:, 0]).flatten(1))
            fused = network.readings_logits(compressed.variants[:, 0])
        found = own if phase == "warm-up" else fused
        assert (found.argmax(1) == inputs.labels).float().mean() > 0.9


def test_fusion_keeps_the_mean_weights_of_its_last_epochs(network, inputs, config):
    def weights_after(epochs: int, averaged: float):
        fusion = config.fusion.model_copy(update={"epochs": epochs, "averaged": averaged})
        trained = copy.deepcopy(network)
        _run("fusion", trained, inputs, config.model_copy(update={"fusion": fusion}))
        return trained.classifier[2].weight

    mean = torch.stack([weights_after(epochs, averaged=0.0) for epochs in (2, 3)]).mean(dim=0)
    torch.testing.assert_close(weights_after(3, averaged=2 / 3), mean)


@pytest.mark.parametrize("phase", list(PHASES))
def test_a_phase_depends_on_the_seed_alone_and_not_on_the_moment(network, inputs, config, phase):
    twin = copy.deepcopy(network)
    torch.manual_seed(1)
    first = _run(phase, network, inputs, config)
    torch.manual_seed(2)
    again = _run(phase, twin, inputs, config)
    assert first == again
    assert all(torch.equal(tensor, twin.state_dict()[name]) for name, tensor in network.state_dict().items())


def test_the_learning_rate_falls_by_a_quarter_every_fifteen_epochs(network, config):
    from triptych.network.steps import Steps

    steps = Steps(network, config.changed("optimizer.learning_rate=1e-2"))
    rates = []
    for _ in range(31):
        rates.append(steps.optimizer.param_groups[0]["lr"])
        steps.optimizer.step()
        steps.schedule.step()
    assert rates[0] == rates[14] == 1e-2
    assert rates[15] == rates[29] == pytest.approx(0.75e-2)
    assert rates[30] == pytest.approx(0.5625e-2)
