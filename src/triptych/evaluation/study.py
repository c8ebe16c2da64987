"""Runs a benchmark: for every seed, all methods on the same split.

The costly part of a seed, reading and encoding its records, is done once for all of its methods, and only where one of
them is still to be run.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import torch
from PIL import Image

from triptych.cache import digest
from triptych.config import Config
from triptych.errors import TriptychError
from triptych.evaluation.environment import commit
from triptych.evaluation.metrics import DEFECTIVE, NORMAL
from triptych.evaluation.peers import PEERS, Seen
from triptych.evaluation.peers.columns import find_columns
from triptych.evaluation.protocol import Split, SplitOf
from triptych.evaluation.runs import Run, RunStore
from triptych.evaluation.sharing import SharedPhases
from triptych.progress import Track
from triptych.training.compute import threads_for
from triptych.training.fitting import new_network, train
from triptych.training.materials import Materials, collect
from triptych.training.prepare import Prepared, Preparer, plot_view

LEARNED = {"readings", "learning_rate", "adapters_learning_rate", "dim", "image_components", "dropout"}
"""Settings of encoders that say what is trained on a prepared record, and not how it is prepared."""


class Training(Protocol):
    """A way to train Triptych."""

    @property
    def name(self) -> str:
        """Names its runs."""

    @property
    def binary(self) -> bool:
        """Whether it is trained on normal against defective alone."""

    def configure(self, config: Config) -> Config:
        """Its configuration, from the one that the user chose."""


@dataclass(frozen=True)
class OnPart:
    """A method that learns from `size` of the training records, a point of its learning curve."""

    method: Training | str
    size: int


Method = Training | str | OnPart  # a str is the name of a peer


@dataclass(frozen=True)
class Task:
    """One method to run on one split.

    Attributes:
        split: the records.
        method: what learns from them, or from `size` of them.
        config: how; for a peer, how records are read.
        fingerprint: of all that the result depends on.
        name: what its runs are called.
        size: how many training records it gets; None for all.
    """

    split: Split
    method: Training | str
    config: Config
    fingerprint: str
    name: str
    size: int | None = None


def name_of(method: Method) -> str:
    """What the runs of `method` are called."""
    if isinstance(method, OnPart):
        return f"{name_of(method.method)}-of-{method.size}"
    return method if isinstance(method, str) else method.name


def plan(splits: SplitOf, seeds: Sequence[int], methods: Sequence[Method], config: Config) -> Iterator[list[Task]]:
    """The tasks of every seed, in order; without the methods that its records do not suit.

    These are peers that learn from texts, where the records came with none, and parts no smaller than the whole.
    """
    for seed in seeds:
        split = splits(seed)
        yield [_task(split, method, config) for method in methods if _suits(method, split)]


def run_seed(tasks: Sequence[Task], store: RunStore, track: Track) -> None:
    """Run those of one seed's tasks that the store lacks."""
    missing = [task for task in tasks if store.get(task.split.seed, task.name, task.fingerprint) is None]
    if not missing:
        return
    bench = _Bench(missing, track)
    for task in track(missing, f"Seed {missing[0].split.seed}: methods"):
        store.put(bench.run(task))


def _suits(method: Method, split: Split) -> bool:
    if isinstance(method, OnPart):
        return method.size < len(split.train) and _suits(method.method, split)
    on_texts = isinstance(method, str) and PEERS[method].on_texts
    return not on_texts or bool(find_columns(record.readings for record in split.train).texts)


def _task(split: Split, method: Method, config: Config) -> Task:
    """The task; a peer's depends on the records and on how they are read, not on how Triptych is trained."""
    size = method.size if isinstance(method, OnPart) else None
    inner = method.method if isinstance(method, OnPart) else method
    if isinstance(inner, str):
        changed = config.changed("augment.tda=none", f"seed={split.seed}")
        settings = f"{PEERS[inner].version} {split.seed} {changed.reading.ocr}"
    else:
        changed = inner.configure(config).changed(f"seed={split.seed}")
        settings = changed.to_yaml()
    name = name_of(method)
    return Task(split, inner, changed, digest(name, settings, *split.marks), name, size)


class _Bench:
    """One seed's records, prepared once, on which its methods are trained and scored."""

    def __init__(self, tasks: Sequence[Task], track: Track) -> None:
        self.split, self.track = tasks[0].split, track
        own = [task.config for task in tasks if not isinstance(task.method, str)]
        self.configs = [config for config in own if config.augment.tda != "none"] or own or [tasks[0].config]
        self.shared: dict[int | None, SharedPhases] = defaultdict(SharedPhases)
        self._materials: dict[str, Materials] = {}
        self._test: dict[str, list[Prepared]] = {}
        self._seen: dict[str, Seen] = {}

    def materials(self, config: Config, size: int | None) -> Materials:
        """The training records, or `size` of them; what was drawn from them is there where a method asks for it."""
        alike = (known for known in self.configs if _preparation(known) == _preparation(config))
        source = config if config.augment.tda != "none" else next(alike, config)
        key = digest(_preparation(source), repr(source.augment), str(size))
        if key not in self._materials:
            records = self.split.train if size is None else self.split.smaller(size)
            with threads_for(source):
                self._materials[key] = collect(records, source, self.track)
        drawn = [] if config.augment.tda == "none" else self._materials[key].drawn
        return replace(self._materials[key], config=config, drawn=drawn)

    def test(self, config: Config) -> list[Prepared]:
        """The test records, read with what was learned from the whole of the training records alone."""
        key = _preparation(config)
        if key not in self._test:
            materials = self.materials(config, None)
            preparer = Preparer(config, materials.classes, materials.layouts)
            with threads_for(config):
                items = list(preparer.prepare(self.track(self.split.test, "Read, ask, encode")))
            usable = [item for item in items if isinstance(item, Prepared)]
            if len(usable) < len(items):
                raise TriptychError(
                    f"benchmark: {len(items) - len(usable)} test records cannot be used; mend or remove them"
                )
            self._test[key] = usable
        return self._test[key]

    def run(self, task: Task) -> Run:
        """Train and score one method."""
        if isinstance(task.method, str):
            return self._peer(task, task.method)
        materials, test = self.materials(task.config, task.size), self.test(task.config)
        if task.method.binary:
            materials, test = _as_binary(materials), [_collapsed(item, materials.normal) for item in test]
        start = time.perf_counter()
        predicted, spared = self._train(task, materials, test)
        spared += materials.seconds["augment"] if materials.drawn else 0.0
        return _run(task, materials, materials.prepared, test, predicted, time.perf_counter() - start + spared)

    def _train(self, task: Task, materials: Materials, test: Sequence[Prepared]) -> tuple[list[str], float]:
        """What the method calls the test records, and the seconds it was spared by phases already trained."""
        config = task.config
        with threads_for(config):
            network = new_network(config, materials)
            phases = self.shared[task.size].for_variant(config, materials.classes)
            train(network, materials.panels, config, phases, self.track)
            with torch.no_grad():
                logits = network(network.compress(materials.stack(test).to(network.device)))
        return [materials.classes[i] for i in logits.argmax(dim=1).tolist()], phases.saved

    def _peer(self, task: Task, name: str) -> Run:
        """Train and score a peer, which sees the records as Triptych reads them."""
        config = self.configs[0]
        materials, test = self.materials(config, None), self.test(config)
        part = None if task.size is None else {record.id for record in self.split.smaller(task.size)}
        known = [item for item in materials.prepared if part is None or item.record.id in part]
        start = time.perf_counter()
        peer = PEERS[name].build()
        labels = [item.record.label or "" for item in known]
        peer.fit([self._see(item) for item in known], labels, task.split.seed, self.track)
        predicted = peer.predict([self._see(item) for item in test])
        return _run(task, materials, known, test, predicted, time.perf_counter() - start, peer.note)

    def _see(self, item: Prepared) -> Seen:
        """What a peer sees of a record; its view is cut out once."""
        return self._seen.setdefault(item.record.id, Seen(partial(_view, item), item.reading.values))


def _run(
    task: Task,
    materials: Materials,
    known: Sequence[Prepared],
    test: Sequence[Prepared],
    predicted: list[str],
    seconds: float,
    note: str = "",
) -> Run:
    return Run(
        seed=task.split.seed,
        name=task.name,
        fingerprint=task.fingerprint,
        n_train=len(known),
        classes=materials.classes,
        normal=materials.normal,
        labels=[item.record.label or "" for item in test],
        predicted=predicted,
        seconds=round(seconds, 1),
        commit=commit(),
        note=note,
    )


def _view(item: Prepared) -> Image.Image:
    return plot_view(item.record.load_image(), item.reading.plot)


def _preparation(config: Config) -> str:
    """What tells apart how records are read, asked about and encoded."""
    encoders = config.encoders.model_dump(exclude=LEARNED)
    return digest(repr(config.reading), repr(config.answers), repr(encoders), str(config.normal))


def _as_binary(materials: Materials) -> Materials:
    """The same records as normal and defective ones; what was drawn was drawn class by class."""
    if materials.normal is None:
        raise TriptychError("benchmark: no class is that of good records; name it: --set normal=NAME")
    return replace(
        materials,
        classes=[DEFECTIVE, NORMAL],
        normal=NORMAL,
        prepared=[_collapsed(item, materials.normal) for item in materials.prepared],
        drawn=[_collapsed(item, materials.normal) for item in materials.drawn],
    )


def _collapsed(item: Prepared, normal: str | None) -> Prepared:
    label = NORMAL if item.record.label == normal else DEFECTIVE
    return replace(item, record=replace(item.record, label=label))
