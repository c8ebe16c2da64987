"""Where a network's training keeps the phases that are done."""

from typing import Protocol

from triptych.network.network import Network
from triptych.network.phases import Epoch


class PhaseKeeper(Protocol):
    """Keeps the phases that are done."""

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Put the state after `phase` into `network` and return its curves; None when the phase is not done."""

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Keep the state after `phase`."""


class NoCheckpoints:
    """Keeps nothing."""

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """None: no phase is done."""

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Nothing."""
