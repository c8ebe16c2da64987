"""Phases that several variants have in common, trained once.

Each phase starts from a random state of its own, and neither warm-up nor alignment touches fusion and classifier. So
variants that agree in all that a phase depends on share its result, and differ only from where they part.
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
    """What is known after a shared phase: the state it left, its curves, and the seconds it took."""

    state: dict[str, Tensor]
    history: list[Epoch]
    seconds: float


class SharedPhases:
    """What is known after each shared phase, by all that it depends on; in memory."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def for_variant(self, config: Config, classes: Sequence[str]) -> "VariantPhases":
        """The phases of one variant."""
        return VariantPhases(self._known, config, classes)


class SharedCheckpoints(Checkpoints):
    """Checkpoints of a run without folds, whose phases are shared.

    Args:
        phases: of the variant.
    """

    def __init__(self, phases: "VariantPhases") -> None:
        super().__init__(None, "")
        self.phases = phases

    def part(self, name: str) -> PartStore:
        """The shared phases: there is no other training set than that of all records."""
        return self.phases


class VariantPhases(PartStore):
    """Keeps and restores the phases of one variant, as checkpoints do.

    Attributes:
        saved: seconds of training that this variant was spared.
    """

    def __init__(self, known: dict[str, Known], config: Config, classes: Sequence[str]) -> None:
        super().__init__(None)
        self._known, self._values, self._classes = known, config.model_dump(mode="json"), classes
        self.saved, self._begun = 0.0, time.perf_counter()

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Put what is known after `phase` into `network` and return its curves; None when it is not known."""
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
