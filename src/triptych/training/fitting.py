"""One training run: from labelled records to a model."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from triptych import __version__
from triptych.augment import Augmenter, Source
from triptych.cache import digest
from triptych.config import Config
from triptych.encoders.readings import feature_names
from triptych.errors import TriptychError
from triptych.plugins import build
from triptych.progress import Track
from triptych.records import Failure, Record, RecordSet, find_normal
from triptych.training.checkpoints import Checkpoints
from triptych.training.model_folder import Model
from triptych.training.network import Network, Panels, Sizes
from triptych.training.phases import PHASES, Epoch, run_phase
from triptych.training.prepare import Prepared, Preparer, stack_panels
from triptych.training.threads import single_thread

MIN_PER_CLASS = 2


@dataclass(frozen=True)
class Fitted:
    """A model, and the training records that could not be used."""

    model: Model
    failures: list[Failure]


@single_thread()
def fit(records: RecordSet, config: Config, work_dir: Path | None, track: Track) -> Fitted:
    """Train a model on labelled records, going on from what `work_dir` holds.

    Raises:
        TriptychError: fewer than two classes, too few usable records of one, a normal class that is none of them, or a
            `work_dir` of another run.
    """
    classes = check_classes(records)
    normal = find_normal(classes, config.normal)
    mark = fingerprint(config, records)
    checkpoints = Checkpoints(work_dir, mark)
    seconds: dict[str, float] = {}
    preparer = Preparer(config, classes)
    augmenter: Augmenter | None = None if config.augment.tda == "none" else build("tda", config.augment.tda)
    with _timed("prepare", seconds):
        items = list(preparer.prepare(track(records, "Read, ask, encode")))
    prepared = [item for item in items if isinstance(item, Prepared)]
    failures = [item for item in items if isinstance(item, Failure)]
    check_classes(RecordSet(tuple(item.record for item in prepared)), expected=classes)
    with _timed("augment", seconds):
        drawn = _augment(augmenter, config, preparer, prepared, track) if augmenter else []
    numbers = feature_names(item.numbers for item in prepared) if config.encoders.readings else []
    panels = stack_panels([*prepared, *drawn], numbers, classes, labelled=True)
    sizes = _sizes(preparer, numbers, classes)
    network = _new_network(config, sizes)
    with _timed("train", seconds):
        curves = _train(network, panels, config, checkpoints, track)
    counts = Counter(item.record.label for item in prepared)
    metrics = {
        "records": len(prepared),
        "drawn": len(drawn),
        "class_counts": {name: counts[name] for name in classes},
        "seconds": {step: round(spent, 1) for step, spent in seconds.items()},
        "fingerprint": mark,
        "version": __version__,
        "curves": [asdict(epoch) for epoch in curves],
    }
    layouts = preparer.reader.layouts
    return Fitted(Model(config, classes, normal, sizes, numbers, layouts, network, metrics=metrics), failures)


def check_classes(records: RecordSet, expected: Sequence[str] = ()) -> list[str]:
    """The classes of `records`, sorted.

    Raises:
        TriptychError: fewer than two, or fewer than two records of one (of `expected`, if given).
    """
    counts = Counter(record.label for record in records if record.label is not None)
    classes = sorted(expected or counts)
    if len(classes) < 2:
        found = f"only the class {classes[0]!r}" if classes else "no labelled records"
        raise TriptychError(f"training: found {found}; at least two classes are needed, each in a folder of its own")
    small = [name for name in classes if counts[name] < MIN_PER_CLASS]
    if small:
        raise TriptychError(
            f"training: class {small[0]!r} has {counts[small[0]]} usable training record(s); at least {MIN_PER_CLASS} "
            "are needed. Add records or leave the class out"
        )
    return classes


def fingerprint(config: Config, records: RecordSet) -> str:
    """What tells one training run from another: its configuration and its records."""
    rows = [json.dumps([r.id, r.label, _image_mark(r), sorted(r.readings.items())]) for r in records]
    return digest(config.to_yaml(), *rows)


def _image_mark(record: Record) -> str:
    try:
        return record.digest()
    except TriptychError:
        return "unreadable"


@contextmanager
def _timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - start


def _augment(
    augmenter: Augmenter, config: Config, preparer: Preparer, prepared: list[Prepared], track: Track
) -> list[Prepared]:
    """Records drawn by TDA, prepared like any other."""
    count = round((config.augment.factor - 1) * len(prepared))
    sources = [
        Source(
            item.record.label or "", item.reading.values, item.reading.plot.correlation if item.reading.plot else 0.0
        )
        for item in prepared
    ]
    rng = np.random.default_rng([config.seed, len(sources)])
    drawn = _tracked(augmenter.draw(sources, count, rng), count, track)
    return [item for item in preparer.prepare(drawn) if isinstance(item, Prepared)]


def _tracked(drawn: Iterator[Record], count: int, track: Track) -> Iterator[Record]:
    """Show progress over records that are drawn one at a time, so that their pictures are not all held in memory."""
    for _ in track(range(count), "Augment"):
        record = next(drawn, None)
        if record is None:
            return
        yield record


def _sizes(preparer: Preparer, numbers: Sequence[str], classes: Sequence[str]) -> Sizes:
    return Sizes(
        channels=preparer.image_encoder.channels,
        grid=preparer.image_encoder.grid,
        text=preparer.text_encoder.channels,
        readings=len(numbers),
        classes=len(classes),
    )


def _new_network(config: Config, sizes: Sizes) -> Network:
    """A network whose weights are drawn from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(digest(str(config.seed), "weights")[:15], 16))
        return Network(config, sizes).eval()


def _train(network: Network, panels: Panels, config: Config, checkpoints: Checkpoints, track: Track) -> list[Epoch]:
    """All phases, or those that `checkpoints` lack; the training curves."""
    network.fit_inputs(panels)
    compressed = network.compress(panels)
    history: list[Epoch] = []
    for phase in PHASES:
        done = checkpoints.restore(phase, network)
        if done is None:
            done = run_phase(phase, network, compressed, config, track)
            checkpoints.keep(phase, network, done)
        history += done
    return history
