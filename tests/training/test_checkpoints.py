import pytest
import torch

from triptych.errors import TriptychError
from triptych.network.phases import Epoch
from triptych.training.checkpoints import Checkpoints


def test_a_phase_that_is_done_is_restored_with_its_curves(tmp_path, network):
    history = [Epoch("warm-up", 0, {"cross_entropy": 1.5})]
    Checkpoints(tmp_path / "run", "print").keep("warm-up", network, history)
    kept = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(1)
    assert Checkpoints(tmp_path / "run", "print").restore("warm-up", network) == history
    assert all(torch.equal(kept[name], tensor) for name, tensor in network.state_dict().items())


def test_a_phase_that_is_not_done_gives_none(tmp_path, network):
    assert Checkpoints(tmp_path / "run", "print").restore("fusion", network) is None


def test_a_phase_without_its_weights_is_not_done(tmp_path, network):
    checkpoints = Checkpoints(tmp_path / "run", "print")
    checkpoints.keep("warm-up", network, [])
    (tmp_path / "run" / "warm-up.safetensors").rename(tmp_path / "run" / "warm-up.safetensors.part")
    assert checkpoints.restore("warm-up", network) is None


def test_a_run_that_finished_no_phase_makes_room_for_another(tmp_path, network):
    Checkpoints(tmp_path / "run", "one")
    Checkpoints(tmp_path / "run", "two").keep("warm-up", network, [])
    with pytest.raises(TriptychError, match="an unfinished training"):
        Checkpoints(tmp_path / "run", "one")


def test_the_folder_of_another_run_is_refused_with_the_ways_out(tmp_path, network):
    Checkpoints(tmp_path / "model" / "run", "one").keep("warm-up", network, [])
    with pytest.raises(TriptychError, match=r"model: holds an unfinished training .*delete .*run.*another folder"):
        Checkpoints(tmp_path / "model" / "run", "two")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TriptychError, match=r"file.run: cannot be written"):
        Checkpoints(tmp_path / "file" / "run", "one")


def test_without_a_folder_nothing_is_kept(network):
    checkpoints = Checkpoints(None, "one")
    checkpoints.keep("warm-up", network, [])
    assert checkpoints.restore("warm-up", network) is None
