"""The weights of a network as a file."""

from pathlib import Path

from safetensors.torch import save

from triptych.files import write_atomically
from triptych.network.network import Network


def save_atomically(network: Network, path: Path) -> None:
    """Write the weights of `network` as safetensors, whole or not at all."""
    write_atomically(path, save({name: tensor.cpu().contiguous() for name, tensor in network.learned_state().items()}))
