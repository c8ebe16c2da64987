"""Checkpoints of a network after each training phase."""

from typing import Protocol

from triptych.network.network import Network
from triptych.network.phases import Epoch


class PhaseKeeper(Protocol):
    """Stores the state of a network after each completed phase."""

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Load the state after `phase` into `network` and return its training curves; None if it is not stored."""

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Store the state after `phase`."""


class NoCheckpoints:
    """Stores nothing."""

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Return None: no phase is stored."""

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Do nothing."""
