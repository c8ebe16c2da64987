"""The accuracy benchmark: Triptych and all peers on the same records, with learning curves.

Triptych is measured twice: with the given configuration, and with the paper's training (three panels, class-Gaussian
TDA) on the same readings, answers and image and text encoders. Peers are strong baselines: most have cross-validated
settings, and some learn from Triptych's own features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from triptych.config import Config, load_config
from triptych.errors import TriptychError
from triptych.evaluation.methods import Method, OnPart, Training, name_of
from triptych.evaluation.peers import PEERS, RECORD_SPECS, chosen_peers

TRAIN, TEST = 325, 2000  # simulated records per seed
CURVE = (40, 80, 160)
OFF_CURVE = ("autogluon", "lite0-finetuned", "paper-panels", *(spec.name for spec in RECORD_SPECS if spec.prepared))
"""Systems without a learning curve, because they train too slowly."""


@dataclass(frozen=True)
class AsConfigured:
    """Triptych with the given configuration."""

    name: ClassVar[str] = "triptych"
    title: ClassVar[str] = "Triptych"
    binary: ClassVar[bool] = False

    def configure(self, config: Config) -> Config:
        """Return `config` unchanged."""
        return config


@dataclass(frozen=True)
class PaperPanels:
    """Training by the preset `paper`, with the readings, answers and encoders of the given configuration."""

    name: ClassVar[str] = "paper-panels"
    title: ClassVar[str] = "Three panels with class-Gaussian TDA, as in the paper"
    binary: ClassVar[bool] = False

    def configure(self, config: Config) -> Config:
        """Return the preset `paper` with the components of `config`."""
        paper = load_config(preset="paper")
        own = {name: getattr(config.encoders, name) for name in ("image", "text", "tune")}
        components = {name: getattr(config, name) for name in ("normal", "reading", "answers", "compute")}
        return paper.model_copy(update={**components, "encoders": paper.encoders.model_copy(update=own)})


OWN = (PaperPanels(), AsConfigured())
TITLES = {spec.name: spec.title for spec in RECORD_SPECS} | {way.name: way.title for way in OWN}
"""The titles of the systems by name, in the order of the tables; the others are compared with the last one."""


def every_method(curve: Sequence[int]) -> list[Method]:
    """All systems, installed or not, and those with a learning curve also on `curve` training records."""
    whole: list[Training | str] = [*(spec.name for spec in RECORD_SPECS), *OWN]
    return [*whole, *(OnPart(method, size) for size in curve for method in whole if name_of(method) not in OFF_CURVE)]


def chosen_systems(names: Sequence[str]) -> set[str]:
    """The systems `names`, or all installed ones if `names` is empty.

    Raises:
        TriptychError: a name is unknown.
        MissingExtraError: a named system is not installed.
    """
    if unknown := [name for name in names if name not in TITLES]:
        raise TriptychError(f"system {unknown[0]!r}: there is no such system; choose among {', '.join(TITLES)}")
    peers = [name for name in names if name in PEERS]
    own = {way.name for way in OWN}
    if not names:
        return {*chosen_peers([], RECORD_SPECS), *own}
    return {*(chosen_peers(peers, RECORD_SPECS) if peers else []), *(own & set(names))}
