import pytest
import torch

from triptych.errors import TriptychError
from triptych.features.precedents import Precedents
from triptych.features.vector import Features
from triptych.network.phases import Epoch
from triptych.training.augmentation import Choice
from triptych.training.checkpoints import Checkpoints
from triptych.training.trained_part import TrainedPart
from triptych.training.training_sets import Plan


def test_a_phase_that_is_done_is_restored_with_its_curves(tmp_path, network):
    history = [Epoch("warm-up", 0, {"cross_entropy": 1.5})]
    Checkpoints(tmp_path / "run", "print").part("all").keep("warm-up", network, history)
    kept = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(1)
    assert Checkpoints(tmp_path / "run", "print").part("all").restore("warm-up", network) == history
    assert all(torch.equal(kept[name], tensor) for name, tensor in network.state_dict().items())


def test_a_phase_that_is_not_done_gives_none(tmp_path, network):
    assert Checkpoints(tmp_path / "run", "print").part("all").restore("fusion", network) is None


def test_a_phase_without_its_weights_is_not_done(tmp_path, network):
    store = Checkpoints(tmp_path / "run", "print").part("all")
    store.keep("warm-up", network, [])
    (store.folder / "warm-up.safetensors").rename(store.folder / "warm-up.safetensors.part")
    assert store.restore("warm-up", network) is None


def test_a_run_that_finished_no_phase_makes_room_for_another(tmp_path, network):
    Checkpoints(tmp_path / "run", "one")
    Checkpoints(tmp_path / "run", "two").part("all").keep("warm-up", network, [])
    with pytest.raises(TriptychError, match="an unfinished training"):
        Checkpoints(tmp_path / "run", "one")


def test_the_folder_of_another_run_is_refused_with_the_ways_out(tmp_path, network):
    Checkpoints(tmp_path / "model" / "run", "one").part("all").keep("warm-up", network, [])
    with pytest.raises(TriptychError, match=r"model: holds an unfinished training .*delete .*run.*another folder"):
        Checkpoints(tmp_path / "model" / "run", "two")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TriptychError, match=r"file.run: cannot be written"):
        Checkpoints(tmp_path / "file" / "run", "one")


def test_without_a_folder_nothing_is_kept(network):
    store = Checkpoints(None, "one").part("all")
    store.keep("warm-up", network, [])
    assert store.restore("warm-up", network) is None
    store.keep_part(PART)
    assert store.restore_part() is None


PART = TrainedPart(
    Features(["width", "phase ∋ pre"], Precedents({"ab": [("cd", "good")]})),
    {"readings": {"scales": torch.ones(2, 3)}, "sklearn:svc": {"estimator": torch.arange(5, dtype=torch.uint8)}},
    {"readings": torch.zeros(4, 2), "sklearn:svc": torch.ones(4, 2)},
    (Epoch("fusion", 3, {"cross_entropy": 0.5}),),
)


def test_a_part_that_is_done_is_restored_whole(tmp_path):
    Checkpoints(tmp_path / "run", "print").part("fold-1").keep_part(PART)
    found = Checkpoints(tmp_path / "run", "print").part("fold-1").restore_part()
    assert (found.features, found.curves) == (PART.features, PART.curves)
    for name, state in PART.states.items():
        assert found.states[name].keys() == state.keys()
        assert all(torch.equal(found.states[name][key], tensor) for key, tensor in state.items())
        assert torch.equal(found.by_expert[name], PART.by_expert[name])
    assert Checkpoints(tmp_path / "run", "print").part("fold-2").restore_part() is None


@pytest.mark.parametrize("active", [None, frozenset({"image", "llm"})])
def test_what_cross_fitting_chose_is_restored(tmp_path, active):
    plan = Plan(Choice("resample", "turn"), 0.4, active)
    checkpoints = Checkpoints(tmp_path / "run", "print")
    assert checkpoints.restore_plan() is None
    checkpoints.keep_plan(plan)
    assert Checkpoints(tmp_path / "run", "print").restore_plan() is None  # no part is done, so that nothing is lost
    checkpoints.keep_plan(plan)
    checkpoints.part("fold-0").keep_part(PART)
    assert Checkpoints(tmp_path / "run", "print").restore_plan() == plan


def test_what_was_trained_on_other_answers_is_forgotten(tmp_path):
    checkpoints = Checkpoints(tmp_path / "run", "print")
    checkpoints.belong_to("few")
    checkpoints.part("fold-0").keep_part(PART)
    checkpoints.belong_to("few")
    assert checkpoints.part("fold-0").restore_part() is not None
    checkpoints.belong_to("all")
    assert checkpoints.part("fold-0").restore_part() is None
