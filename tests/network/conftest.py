"""The fixtures of `small_network`."""

from small_network import _one_thread, config, network, panels, sizes

__all__ = ["_one_thread", "config", "network", "panels", "sizes"]
