import copy

import pytest
import torch

from triptych.config import Config
from triptych.encoders.chosen import open_encoders
from triptych.evaluation.shared_phases import SharedCheckpoints, SharedPhases
from triptych.experts.expert import Context, TrainingSet
from triptych.experts.panels import Panels
from triptych.features.vector import Features
from triptych.network.network import Network, Sizes
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import silent

SMALL = ("encoders.dim=16", "encoders.image_components=8", "fusion.reduced=8", "warm_up.epochs=2", "fusion.epochs=2")


@pytest.fixture
def inputs() -> BranchInputs:
    generator = torch.Generator().manual_seed(0)
    vectors = [torch.randn(20, 6, generator=generator) for _ in range(3)]
    rows = torch.arange(20)
    return BranchInputs(torch.randn(20, 9, 2, 2, generator=generator), *vectors[:2], rows, rows, vectors[2], rows % 2)


def _train(config, inputs, phases):
    context = Context(config, Sizes(9, 2, 6, 6, 2), open_encoders(config.encoders))
    store = SharedCheckpoints(phases).part("all")
    return Panels().fit(TrainingSet(context, Features([]), inputs, keeper=store), silent).network.state_dict()


def test_a_variant_that_takes_up_shared_phases_ends_as_if_trained_alone(inputs):
    config = Config().changed(*SMALL, "alignment.stages=[1.0]", "alignment.epochs=2")
    linear = config.changed("fusion.kind=cmaf-no-sigmoid")
    alone = _train(linear, inputs, SharedPhases().for_variant(linear, ["a", "b"]))
    shared = SharedPhases()
    _train(config, inputs, shared.for_variant(config, ["a", "b"]))
    together = _train(linear, inputs, shared.for_variant(linear, ["a", "b"]))
    assert all(torch.equal(alone[name], tensor) for name, tensor in together.items())


def test_phases_are_shared_only_by_variants_that_agree_up_to_them(inputs):
    config = Config().changed(*SMALL, "alignment.stages=[1.0]", "alignment.epochs=2")
    network = Network(config, Sizes(9, 2, 6, 6, 2), open_encoders(config.encoders))
    shared = SharedPhases()
    for phase in ("warm-up", "alignment", "fusion"):
        shared.for_variant(config, ["a", "b"]).keep(phase, network, [])

    def known(changed, classes=("a", "b")):
        phases = shared.for_variant(changed, list(classes))
        return [
            phases.restore(phase, copy.deepcopy(network)) is not None for phase in ("warm-up", "alignment", "fusion")
        ]

    assert known(config.changed("fusion.kind=concatenation")) == [True, True, False]
    assert known(config.changed("alignment.stages=[]")) == [True, False, False]
    assert known(config.changed("augment.tda=gaussian")) == [False, False, False]
    assert known(config, classes=("defective", "normal")) == [False, False, False]
