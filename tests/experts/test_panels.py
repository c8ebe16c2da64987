"""What the expert `panels` stores about the alignment."""

from dataclasses import replace

import pytest
import torch

from triptych.experts.panels import Panels
from triptych.progress import silent
from triptych.training.checkpoints import PartStore


@pytest.fixture
def fitted(data):
    return Panels().fit(data, silent)


def test_the_views_before_and_after_alignment_are_kept_with_the_weights(fitted, data):
    assert fitted.views.panels == ["image", "vlm", "llm"]
    assert not torch.equal(fitted.views.before.similarity, fitted.views.after.similarity)
    again = Panels().restore(fitted.state(), data.context)
    assert torch.allclose(again.views.after.similarity, fitted.views.after.similarity, atol=1e-3)
    assert torch.equal(again.log_probabilities(data.inputs), fitted.log_probabilities(data.inputs))


def test_a_state_without_views_can_be_restored(fitted, data):
    state = {name: tensor for name, tensor in fitted.state().items() if not name.startswith("alignment.")}
    assert len(state) == len(fitted.state()) - 3
    assert Panels().restore(state, data.context).views is None


def test_an_interrupted_run_gives_the_same_views_and_weights(fitted, data, tmp_path):
    first = Panels().fit(replace(data, keeper=PartStore(tmp_path)), silent)
    resumed = Panels().fit(replace(data, keeper=PartStore(tmp_path)), silent)
    for one in (first, resumed):
        assert all(torch.equal(tensor, one.state()[name]) for name, tensor in fitted.state().items())


def test_without_alignment_there_are_none(data):
    unaligned = replace(data.context, config=data.context.config.changed("alignment.stages=[]"))
    assert Panels().fit(replace(data, context=unaligned), silent).views is None
