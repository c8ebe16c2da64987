"""The fixtures of `small_network`."""

from small_network import _one_thread, config, inputs, network, sizes

__all__ = ["_one_thread", "config", "inputs", "network", "sizes"]
