"""Trains the phases that several variants have in common only once.

Each phase starts from its own random state, and warm-up and alignment do not change the weights of fusion and
classifier. Variants that agree in the settings of a phase and of the phases before it therefore share its result.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from triptych.cache import digest
from triptych.config import Config
from triptych.network.network import Network
from triptych.network.phases import Epoch
from triptych.training.checkpoints import Checkpoints, PartStore

SECTIONS = {
    "warm-up": ("seed", "encoders", "optimizer", "warm_up", "augment"),
    "alignment": ("seed", "encoders", "optimizer", "warm_up", "augment", "alignment"),
}
UNTOUCHED = ("fusion.", "classifier.")


@dataclass(frozen=True)
class Known:
    """The result of a shared phase: the network's state after it, its curves, and its duration in seconds."""

    state: dict[str, Tensor]
    history: list[Epoch]
    seconds: float


class SharedPhases:
    """The results of shared phases in memory, by a digest of everything on which they depend."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def for_variant(self, config: Config, classes: Sequence[str]) -> "VariantPhases":
        """Access to the phases for one variant."""
        return VariantPhases(self._known, config, classes)


class SharedCheckpoints(Checkpoints):
    """Checkpoints of a run without folds that shares its phases.

    Args:
        phases: the phases of the variant.
    """

    def __init__(self, phases: "VariantPhases") -> None:
        super().__init__(None, "")
        self.phases = phases

    def part(self, name: str) -> PartStore:
        """The shared phases; `name` has no effect, because there is only one training set, of all records."""
        return self.phases


class VariantPhases(PartStore):
    """Keeps and restores the phases of one variant, as checkpoints do.

    Attributes:
        saved: seconds of training that this variant saved.
    """

    def __init__(self, known: dict[str, Known], config: Config, classes: Sequence[str]) -> None:
        super().__init__(None)
        self._known, self._values, self._classes = known, config.model_dump(mode="json"), classes
        self.saved, self._begun = 0.0, time.perf_counter()

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Load the state after `phase` into `network` and return its curves; None if the phase is not done."""
        if phase not in SECTIONS or (known := self._known.get(self._key(phase))) is None:
            self._begun = time.perf_counter()
            return None
        network.load_state_dict({**network.state_dict(), **known.state})
        self.saved += known.seconds
        return known.history

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Keep the state after `phase`, if it can be shared."""
        if phase in SECTIONS:
            state = {n: t.clone() for n, t in network.state_dict().items() if not n.startswith(UNTOUCHED)}
            self._known[self._key(phase)] = Known(state, history, time.perf_counter() - self._begun)

    def _key(self, phase: str) -> str:
        return digest(phase, *self._classes, *(repr(self._values[section]) for section in SECTIONS[phase]))
