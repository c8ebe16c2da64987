import copy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from triptych import DefectClassifier, open_records
from triptych.encoders.chosen import open_encoders
from triptych.network import phases, plots
from triptych.network.network import Network, blend
from triptych.network.phases import run_phase
from triptych.network.plot_encoder import PlotEncoder
from triptych.network.plots import best_share, train_plots, try_plots
from triptych.preparation.plot_pictures import plot_picture
from triptych.progress import silent
from triptych.training.augmentation import Choice
from triptych.training.fitting import new_network

EVERY = torch.arange(30)


def _rings() -> torch.Tensor:
    """Thirty plots: rings, narrow and wide by turns, as the labels of `panels` are."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[-1:1:32j, -1:1:32j]
    radii = np.where(np.arange(30) % 2, 0.75, 0.3) + rng.normal(0, 0.03, 30)
    densities = [np.exp(-(((np.hypot(x, y) - radius) / 0.1) ** 2)).astype(np.float32) for radius in radii]
    return torch.from_numpy(np.stack([plot_picture(d, 32) for d in densities]))


@pytest.fixture
def plotted(panels):
    return replace(panels, plots=_rings())


def test_the_encoder_learns_to_tell_plots_apart(plotted, config):
    torch.manual_seed(0)
    encoder = PlotEncoder(2)
    losses = train_plots(encoder, plotted, 4, config, silent)
    assert len(losses) == 4
    assert losses[-1] < min(0.4, losses[0])  # by chance it would be 0.7
    with torch.no_grad():
        assert (encoder.eval()(plotted.plots).argmax(1) == plotted.labels).float().mean() > 0.9


@pytest.mark.parametrize("kept", [0, 10_000])
def test_drawn_plots_are_learned_from_too(plotted, config, monkeypatch, kept):
    monkeypatch.setattr(plots, "KEPT", kept)
    monkeypatch.setattr(PlotEncoder, "maps", lambda self, plots: plots.float())
    seen = []

    def remember(maps):
        seen.append(maps)
        return maps.new_zeros(len(maps), 1280, requires_grad=True)

    encoder = PlotEncoder(2)
    monkeypatch.setattr(encoder.late, "forward", remember)
    numbered = EVERY.to(torch.uint8)[:, None, None] + 0 * plotted.plots
    drawn = (numbered + 100)[:, None].expand(-1, 3, -1, -1)
    train_plots(encoder, replace(plotted, plots=numbered, drawn_plots=drawn), 2, config, silent)
    chosen = torch.cat(seen)[:, 0, 0]
    for epoch in chosen.reshape(2, 30):
        assert (epoch % 100).sort().values.tolist() == EVERY.tolist()  # every record once
    assert 0.5 < (chosen >= 100).float().mean() < 1  # one of four is the record's own


def test_maps_that_are_kept_are_those_that_would_be_made_anew(plotted, config, monkeypatch):
    found = []
    for kept in (0, 10_000):
        monkeypatch.setattr(plots, "KEPT", kept)
        torch.manual_seed(0)
        found.append(train_plots(PlotEncoder(2), plotted, 3, config, silent))
    assert found[0] == pytest.approx(found[1], rel=1e-3)


@pytest.mark.parametrize("right", [False, True])
def test_plots_count_where_they_help(plotted, config, right):
    sure = torch.nn.functional.one_hot(plotted.labels) if right else torch.full((30, 2), 0.5)
    opinion = (0.999 * sure + 0.0005).log()
    torch.manual_seed(0)
    share = try_plots(plotted, EVERY[:20], EVERY[20:], opinion[20:], True, config, silent)
    assert (share == 0) == right


@pytest.mark.parametrize("part", [EVERY[:12], EVERY[20:26]])
def test_few_plots_are_not_tried(plotted, config, monkeypatch, part):
    monkeypatch.setattr(plots, "train_plots", lambda *_: pytest.fail("trained"))
    white = torch.where(torch.isin(EVERY, part)[:, None, None], 255, plotted.plots)
    panels = replace(plotted, plots=white)
    assert try_plots(panels, EVERY[:20], EVERY[20:], torch.zeros(10, 2), False, config, silent) == 0


def _sure(truth: torch.Tensor, chance: list[float]) -> torch.Tensor:
    """Log-probabilities [n, 2] that give what is true `chance`."""
    right = torch.tensor(chance)[:, None]
    return torch.where(torch.nn.functional.one_hot(truth, 2) == 1, right, 1 - right).log()


@pytest.mark.parametrize(
    ("panels", "plots", "share"),
    [
        ([0.6, 0.5] * 20, [0.9, 0.8] * 20, 0.75),
        ([0.9, 0.8] * 20, [0.6, 0.5] * 20, 0.0),
        ([0.6] * 40, [0.6] * 40, 0.0),
        ([0.6] * 40, [0.95] * 22 + [0.22] * 18, 0.0),  # by chance, or not
        ([0.6] * 40, [0.95] * 32 + [0.2] * 8, 0.75),
        ([0.7] * 40, [0.999] * 32 + [0.01] * 8, 0.25),  # sure of too much
    ],
)
def test_the_share_is_none_unless_plots_clearly_help_and_then_great(panels, plots, share):
    truth = EVERY.repeat(2)[:40] % 2
    assert best_share(_sure(truth, panels), _sure(truth, plots), truth) == share


def test_plots_are_blended_into_the_decision_where_there_are_some(network, plotted, config):
    assert run_phase("plot", network, network.compress(plotted), config, silent) == []
    assert network.plot is None
    network.plot_share.fill_(0.75)
    network.plot = PlotEncoder(2)
    network.eval()
    panels = network.compress(replace(plotted, plots=torch.where(EVERY[:, None, None] == 0, 255, plotted.plots)))
    with torch.no_grad():
        decided, fused = network.log_probabilities(panels), network(panels).log_softmax(1)
        alone = network.plot(panels.plots).log_softmax(1)
        torch.testing.assert_close(decided[0], fused[0])
        torch.testing.assert_close(decided[1:], blend(fused, alone, 0.75)[1:])
        assert not torch.allclose(decided[1:], fused[1:])
        torch.testing.assert_close(decided.exp().sum(1), torch.ones(30))
        none = network.log_probabilities(replace(panels, plots=None))
    torch.testing.assert_close(none, fused)


def test_a_network_with_plots_is_kept_and_loaded(network, plotted, config, sizes, monkeypatch):
    monkeypatch.setattr(phases, "EPOCHS", 6)
    network.plot_share.fill_(0.5)
    history = run_phase("plot", network, network.compress(plotted), config, silent)
    assert {epoch.phase for epoch in history} == {"plot"}
    assert history[-1].losses["cross_entropy"] < history[0].losses["cross_entropy"]
    torch.manual_seed(1)
    twin = Network(config, sizes, open_encoders(config.encoders)).eval()
    twin.load_learned(network.learned_state())
    panels = network.compress(plotted)
    with torch.no_grad():
        assert torch.equal(twin.log_probabilities(panels), network.log_probabilities(panels))
    assert not any("plot.early.0" in name for name in network.learned_state())  # comes with the package


def test_a_saved_model_keeps_its_plots(fitted, simulated, tmp_path):
    classifier = copy.deepcopy(fitted)
    network = classifier.model_.network
    torch.manual_seed(0)
    network.plot, records = PlotEncoder(network.classes).eval(), open_records(simulated).split("test")[:3]
    network.plot_share.fill_(0.75)
    classifier.save(tmp_path / "model")
    expected = classifier.predict_proba(records)
    assert (DefectClassifier.load(tmp_path / "model").predict_proba(records) == expected).all()
    assert not np.allclose(fitted.predict_proba(records), expected)


@pytest.mark.parametrize("tda", ["turn", "resample", "none"])
def test_plots_are_looked_at_all_ways_up_where_turned_ones_are_learned_from(panels, config, sizes, tda):
    encoders, choice = open_encoders(config.encoders), Choice("resample", tda)
    data = SimpleNamespace(sizes=sizes, encoders=encoders, panels=panels, tda=choice)
    assert bool(new_network(config, data).plot_turned) == (tda == "turn")


def test_the_trial_weighs_plots(network, plotted, config, monkeypatch):
    monkeypatch.setattr(plots, "TRIAL_EPOCHS", 4)
    many = plotted[EVERY.repeat(4)]
    noise = torch.Generator().manual_seed(1)
    blind = replace(
        many, **{n: torch.randn(getattr(many, n).shape, generator=noise) for n in ("image", "vlm", "llm", "readings")}
    )
    run_phase("trial", network, network.compress(blind), config, silent)
    assert network.plot_share > 0
    network.plot_share.zero_()
    run_phase("trial", network, network.compress(blind), config.changed("encoders.plot=false"), silent)
    assert network.plot_share == 0
