"""Tables of a few tens of records beside pictures that tell nothing."""

import numpy as np
import pytest
import torch
from PIL import Image

from triptych import DefectClassifier, load_config
from triptych.config import Config
from triptych.encoders.chosen import open_encoders
from triptych.network.network import Network, Sizes
from triptych.network.phases import PHASES, run_phase
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import silent
from triptych.records import Record


def _panels(readings: np.ndarray, labels: np.ndarray, seed: int) -> BranchInputs:
    """The readings [n, d] beside panels of noise."""
    generator, n = torch.Generator().manual_seed(seed), len(labels)
    return BranchInputs(
        image=torch.randn(n, 12, 2, 2, generator=generator),
        vlm=torch.randn(n, 10, generator=generator),
        llm=torch.zeros(n, 10),
        same_vlm=torch.arange(n),
        same_llm=torch.zeros(n, dtype=torch.int64),
        readings=torch.from_numpy(readings),
        labels=torch.from_numpy(labels),
        missing_llm=torch.ones(n, dtype=torch.bool),
    )


def _trained(panels: BranchInputs, config: Config) -> Network:
    sizes = Sizes(channels=12, grid=2, text=10, readings=panels.readings.shape[1], classes=2)
    torch.manual_seed(config.seed)
    network = Network(config, sizes, open_encoders(config.encoders)).eval()
    network.fit_inputs(panels)
    compressed = network.compress(panels)
    for phase in PHASES:
        run_phase(phase, network, compressed, config, silent)
    return network


def _perfect(rng, labels):
    return labels[:, None] + rng.uniform(-0.3, 0.3, (len(labels), 1))


def _two_of_twelve(rng, labels):
    noise = rng.normal(size=(len(labels), 12))
    noise[:, [3, 7]] += 5.0 * (labels[:, None] - 0.5)
    return noise


@pytest.mark.parametrize("table", [_perfect, _two_of_twelve])
def test_a_small_table_is_learned_beside_panels_of_noise(config, table):
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(230) % 2)
    panels = _panels(table(rng, labels), labels, seed=0)
    network = _trained(panels[torch.arange(30)], config.changed("warm_up.epochs=15", "fusion.epochs=20"))
    with torch.no_grad():
        found = network.log_probabilities(network.compress(panels[torch.arange(30, 230)])).exp()
    right = found.argmax(dim=1) == panels.labels[30:]
    accepted = found.max(dim=1).values >= config.decision.accept_above
    assert right.float().mean() >= 0.95
    assert right[accepted].float().mean() >= 0.98
    assert accepted.float().mean() > 0.5


def test_of_few_records_panels_are_chosen_by_cross_validation(config):
    rng = np.random.default_rng(5)
    labels = rng.permutation(np.arange(30) % 2)
    network = _trained(_panels(_perfect(rng, labels), labels, 5), config.changed("warm_up.epochs=15"))
    assert "readings" in network.heard_panels
    assert "vlm" not in network.heard_panels
    assert network.pace.item() == 1


def test_too_few_records_leave_all_panels_in(config, panels):
    network = _trained(panels[torch.arange(19)], config)
    assert len(network.heard_panels) == 4


def test_one_column_that_tells_the_class_is_enough():
    """Thirty records with pictures of noise, without a language model."""
    rng = np.random.default_rng(1)

    def record(i: int, label: str) -> Record:
        picture = Image.fromarray(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8))
        torque = (1e-7 if label == "loose" else 2e-7) + rng.uniform(-3e-8, 3e-8)
        return Record(str(i), picture, {"torque": torque}, label)

    records = [record(i, ("loose", "tight")[i % 2]) for i in range(60)]
    settings = ("reading.ocr=none", "answers.llm=none", "alignment.epochs=1", "fusion.epochs=20", "warm_up.epochs=10")
    fitted = DefectClassifier(load_config(None, settings)).fit(records[:30])
    predicted = fitted.predict(records[30:])
    assert np.mean([label == record.label for label, record in zip(predicted, records[30:], strict=True)]) >= 0.95
