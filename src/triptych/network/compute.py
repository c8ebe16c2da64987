"""The device, precision and number of threads of PyTorch."""

from contextlib import AbstractContextManager, nullcontext

import torch

from triptych.config import Config
from triptych.errors import TriptychError
from triptych.threads import torch_threads


def threads_for(config: Config) -> AbstractContextManager[None]:
    """One thread if the encoders are frozen; otherwise, PyTorch's number of threads."""
    return torch_threads(1) if config.encoders.tune == "frozen" else nullcontext()


def choose_device(config: Config) -> torch.device:
    """The device on which the network is trained and used.

    Raises:
        TriptychError: `compute.device` is not a device, or not available.
    """
    if config.compute.device == "auto":
        return torch.device("cuda" if config.encoders.tune != "frozen" and torch.cuda.is_available() else "cpu")
    try:
        probe = torch.zeros(1, device=config.compute.device)
        probe.cpu()  # fails on a device without memory, such as `meta`
    except (RuntimeError, AssertionError) as error:
        reason = str(error).strip().splitlines()[0]
        raise TriptychError(
            f"compute.device: {config.compute.device!r} cannot be used ({reason}); choose auto, cpu or cuda"
        ) from None
    return probe.device


def uses_bfloat16(config: Config, device: torch.device) -> bool:
    """Whether to train in bfloat16; `auto`: on a GPU, unless encoders are frozen, as adapters alone are too small."""
    chosen = config.compute.precision
    return chosen == "bfloat16" or (chosen == "auto" and device.type == "cuda" and config.encoders.tune != "frozen")
