"""Saves the weights of a network."""

from pathlib import Path

from safetensors.torch import save

from triptych.files import write_atomically
from triptych.network.network import Network


def save_atomically(network: Network, path: Path) -> None:
    """Write the learned weights of `network` as a safetensors file, atomically."""
    write_atomically(path, save({name: tensor.cpu().contiguous() for name, tensor in network.learned_state().items()}))
