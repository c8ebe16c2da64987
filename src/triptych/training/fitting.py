"""One training run: from labelled records to a model."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from triptych import __version__
from triptych.answers.book import load_book
from triptych.cache import derived_seed, digest
from triptych.config import Config
from triptych.errors import TriptychError
from triptych.model.folder import FORMAT, Model
from triptych.network.compute import choose_device, threads_for
from triptych.network.network import Network
from triptych.network.phases import PHASES, Epoch, run_phase
from triptych.preparation.branch_inputs import BranchInputs
from triptych.preparation.components import identities
from triptych.progress import Track
from triptych.records import Failure, Record, RecordSet
from triptych.training.augmentation import TURN
from triptych.training.checkpoints import Checkpoints, PhaseKeeper
from triptych.training.training_data import TrainingData, collect
from triptych.trust import remember_servers


@dataclass(frozen=True)
class Fitted:
    """A model, the training records that could not be used, and what there is to know about the others."""

    model: Model
    failures: list[Failure]
    warnings: tuple[str, ...] = ()


def fit(records: RecordSet, config: Config, work_dir: Path | None, track: Track) -> Fitted:
    """Train a model on labelled records, going on from what `work_dir` holds.

    Raises:
        TriptychError: fewer than two classes, too few usable records of one, a normal class that is none of them, or a
            `work_dir` of another run.
    """
    remember_servers(config)
    mark = fingerprint(config, records)
    checkpoints = Checkpoints(work_dir, mark)
    with threads_for(config):
        data = collect(records, config, track)
        checkpoints.belong_to(data.answers_mark)
        start = time.perf_counter()
        network = new_network(config, data)
        curves = train(network, data.panels, config, checkpoints, track)
    _check_finite(network)
    metrics = {
        **data.facts(),
        "seconds": {**data.seconds, "train": round(time.perf_counter() - start, 1)},
        "groups": _groups(records, config),
        "unused": [asdict(failure) for failure in records.unused],
        "fingerprint": mark,
        "version": __version__,
        "plot_share": network.plot_share.item(),
        "curves": [asdict(epoch) for epoch in curves],
    }
    return Fitted(data.model(network, metrics), data.failures, data.warnings)


def _groups(records: RecordSet, config: Config) -> dict[str, object] | None:
    """By which column the records are grouped, and in how many groups; None without groups."""
    names = {record.group for record in records if record.group is not None}
    return {"column": config.group or "group", "count": len(names)} if names else None


def _check_finite(network: Network) -> None:
    """Refuse weights that are no numbers, which is what too large a learning rate ends in."""
    if not all(weights.isfinite().all() for weights in network.parameters()):
        raise TriptychError("training: the weights grew beyond all numbers; set a lower optimizer.learning_rate")


def fingerprint(config: Config, records: RecordSet) -> str:
    """What tells one training run from another: all that its result depends on.

    The defect book counts by its contents, components also by their files; what answers cost does not count.
    """
    silent = {"book": None, "vlm_price": None, "llm_price": None}
    settings = config.model_copy(update={"answers": config.answers.model_copy(update=silent)})
    book = load_book(config.answers.book).model_dump_json()
    components = json.dumps(identities(config), sort_keys=True)
    return digest(f"format {FORMAT}", settings.to_yaml(), book, components, *record_marks(records))


def record_marks(records: RecordSet) -> list[str]:
    """What tells each record from any other: its id, label, picture, readings, and its group if it has one."""
    return [json.dumps([r.id, r.label, _image_mark(r), sorted(r.readings.items()), *_group_mark(r)]) for r in records]


def _group_mark(record: Record) -> list[str]:
    return [] if record.group is None else [record.group]


def _image_mark(record: Record) -> str:
    try:
        return record.digest()
    except TriptychError:
        return "unreadable"


def new_network(config: Config, data: TrainingData) -> Network:
    """A network whose weights are drawn from the seed, and whose scales come from the training panels."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(config.seed, "weights"))
        network = Network(config, data.sizes, data.encoders).eval()
    network.fit_inputs(data.panels)
    network.plot_turned.fill_(data.tda.plots == TURN)
    return network


def train(
    network: Network, panels: BranchInputs, config: Config, checkpoints: PhaseKeeper, track: Track
) -> list[Epoch]:
    """All phases, or those that `checkpoints` lack; the training curves."""
    compressed = network.compress(panels)
    network.to(choose_device(config))
    history: list[Epoch] = []
    for phase in PHASES:
        done = checkpoints.restore(phase, network)
        if done is None:
            done = run_phase(phase, network, compressed, config, track)
            checkpoints.keep(phase, network, done)
        history += done
    return history
