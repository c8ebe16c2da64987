"""The benchmark of accuracy: Triptych beside every peer on the same records, and how few records do as well.

Triptych stands in it twice: as it is configured, and as the paper describes it (three panels, class-Gaussian TDA), with
the same reading, answers and encoders. Peers are chosen to be hard to beat: their settings are cross-validated, and
some learn from Triptych's own features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from triptych.config import Config, load_config
from triptych.errors import TriptychError
from triptych.evaluation.methods import Method, OnPart, Training, name_of
from triptych.evaluation.peers import PEERS, RECORD_SPECS, chosen_peers

TRAIN, TEST = 325, 2000  # simulated records a seed
CURVE = (40, 80, 160)
OFF_CURVE = ("autogluon", "lite0-finetuned", "paper-panels", *(spec.name for spec in RECORD_SPECS if spec.prepared))
"""Systems without a learning curve: they are too slow for what it would show."""


@dataclass(frozen=True)
class AsConfigured:
    """Triptych as the user configures it."""

    name: ClassVar[str] = "triptych"
    title: ClassVar[str] = "Triptych"
    binary: ClassVar[bool] = False

    def configure(self, config: Config) -> Config:
        """The configuration itself."""
        return config


@dataclass(frozen=True)
class PaperPanels:
    """What the preset `paper` says of training, on the readings, answers and encoders that the user configures."""

    name: ClassVar[str] = "paper-panels"
    title: ClassVar[str] = "Three panels with class-Gaussian TDA, as in the paper"
    binary: ClassVar[bool] = False

    def configure(self, config: Config) -> Config:
        """The preset `paper` with the components of `config`."""
        paper = load_config(preset="paper")
        own = {name: getattr(config.encoders, name) for name in ("image", "text", "tune")}
        components = {name: getattr(config, name) for name in ("normal", "reading", "answers", "compute")}
        return paper.model_copy(update={**components, "encoders": paper.encoders.model_copy(update=own)})


OWN = (PaperPanels(), AsConfigured())
TITLES = {spec.name: spec.title for spec in RECORD_SPECS} | {way.name: way.title for way in OWN}
"""What tables call the systems, in their order; the last is what the others are compared with."""


def every_method(curve: Sequence[int]) -> list[Method]:
    """All systems, installed or not, and parts of the training records for those that have a learning curve."""
    whole: list[Training | str] = [*(spec.name for spec in RECORD_SPECS), *OWN]
    return [*whole, *(OnPart(method, size) for size in curve for method in whole if name_of(method) not in OFF_CURVE)]


def chosen_systems(names: Sequence[str]) -> set[str]:
    """The systems called `names`, or all that are installed.

    Raises:
        TriptychError: there is no such system.
        MissingExtraError: one is asked for that is not installed.
    """
    if unknown := [name for name in names if name not in TITLES]:
        raise TriptychError(f"system {unknown[0]!r}: there is no such system; choose among {', '.join(TITLES)}")
    peers = [name for name in names if name in PEERS]
    own = {way.name for way in OWN}
    if not names:
        return {*chosen_peers([], RECORD_SPECS), *own}
    return {*(chosen_peers(peers, RECORD_SPECS) if peers else []), *(own & set(names))}
