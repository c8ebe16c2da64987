import pytest
import torch

from triptych.config import Config
from triptych.errors import TriptychError
from triptych.network.compute import choose_device, threads_for, uses_bfloat16


def test_adapters_alone_train_on_one_thread_and_encoders_on_all():
    before = torch.get_num_threads()
    with threads_for(Config()):
        assert torch.get_num_threads() == 1
    with threads_for(Config().changed("encoders.tune=full")):
        assert torch.get_num_threads() == before


def test_a_gpu_is_taken_where_encoders_are_trained(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    chosen = {tune: choose_device(Config().changed(f"encoders.tune={tune}")).type for tune in ("frozen", "full")}
    assert chosen == {"frozen": "cpu", "full": "cuda"}
    assert choose_device(Config().changed("encoders.tune=full", "compute.device=cpu")).type == "cpu"


@pytest.mark.parametrize("device", ["gpu", "cuda:99"])
def test_a_device_that_there_is_not_is_named_with_what_is_allowed(device):
    with pytest.raises(TriptychError, match=rf"'{device}' cannot be used .*; choose auto, cpu or cuda"):
        choose_device(Config().changed(f"compute.device={device}"))


@pytest.mark.parametrize(
    ("tune", "precision", "device", "half"),
    [
        ("full", "auto", "cuda", True),
        ("full", "auto", "cpu", False),
        ("frozen", "auto", "cuda", False),
        ("full", "float32", "cuda", False),
        ("full", "bfloat16", "cpu", True),
    ],
)
def test_bfloat16_is_for_encoders_on_a_gpu_unless_asked_for(tune, precision, device, half):
    config = Config().changed(f"encoders.tune={tune}", f"compute.precision={precision}")
    assert uses_bfloat16(config, torch.device(device)) is half
