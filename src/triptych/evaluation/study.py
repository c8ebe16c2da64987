"""Runs a benchmark: for every seed, all methods on the same split.

The costly part of a seed, reading and encoding its records, is done once for all of its methods, and only where one of
them is still to be run.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import torch
from PIL import Image

from triptych.cache import digest
from triptych.config import Config
from triptych.errors import TriptychError
from triptych.evaluation.metrics import DEFECTIVE, NORMAL
from triptych.evaluation.peers import PEERS
from triptych.evaluation.protocol import Split, SplitOf
from triptych.evaluation.runs import Run, RunStore
from triptych.evaluation.sharing import SharedPhases
from triptych.evaluation.variants import Variant
from triptych.progress import Track
from triptych.training.compute import threads_for
from triptych.training.fitting import fingerprint, new_network, train
from triptych.training.materials import Materials, collect
from triptych.training.prepare import DrawnRecord, Prepared, Preparer, plot_view

Item = TypeVar("Item", bound=Prepared | DrawnRecord)
Method = Variant | str  # a way to train Triptych, or the name of a peer


@dataclass(frozen=True)
class Task:
    """One method to run on one split."""

    split: Split
    method: Method
    config: Config
    fingerprint: str

    @property
    def name(self) -> str:
        """The method's name."""
        return name_of(self.method)


def name_of(method: Method) -> str:
    """What the runs of `method` are called."""
    return method if isinstance(method, str) else method.name


def plan(splits: SplitOf, seeds: Sequence[int], methods: Sequence[Method], config: Config) -> Iterator[list[Task]]:
    """The tasks of every seed, in order."""
    for seed in seeds:
        split = splits(seed)
        yield [_task(split, method, config) for method in methods]


def run_seed(tasks: Sequence[Task], store: RunStore, track: Track) -> None:
    """Run those of one seed's tasks that the store lacks."""
    missing = [task for task in tasks if store.get(task.split.seed, task.name, task.fingerprint) is None]
    if not missing:
        return
    bench = _Bench(missing, track)
    for task in track(missing, f"Seed {missing[0].split.seed}: methods"):
        store.put(bench.run(task))


def _task(split: Split, method: Method, config: Config) -> Task:
    settings = method.settings if isinstance(method, Variant) else ("augment.tda=none",)
    changed = config.changed(*settings, f"seed={split.seed}")
    parts = (fingerprint(changed, split.train), fingerprint(changed, split.test))
    return Task(split, method, changed, digest(name_of(method), *parts))


class _Bench:
    """One seed's records, prepared once, on which its methods are trained and scored."""

    def __init__(self, tasks: Sequence[Task], track: Track) -> None:
        self.split, self.track, self.shared = tasks[0].split, track, SharedPhases()
        augmented = [task.config for task in tasks if task.config.augment.tda != "none"]
        self.config = augmented[0] if augmented else tasks[0].config

    @cached_property
    def materials(self) -> Materials:
        """The training records, with the drawn ones."""
        with threads_for(self.config):
            return collect(self.split.train, self.config, self.track)

    @cached_property
    def test(self) -> list[Prepared]:
        """The test records, read with what was learned from the training records alone."""
        preparer = Preparer(self.config, self.materials.classes, self.materials.layouts, self.materials.shots)
        with threads_for(self.config):
            items = list(preparer.prepare(self.track(self.split.test, "Read, ask, encode")))
        usable = [item for item in items if isinstance(item, Prepared)]
        if len(usable) < len(items):
            raise TriptychError(
                f"benchmark: {len(items) - len(usable)} test records cannot be used; mend or remove them"
            )
        return usable

    def run(self, task: Task) -> Run:
        """Train and score one method."""
        materials, test = self.materials, self.test
        if isinstance(task.method, Variant) and task.method.binary:
            materials, test = _as_binary(materials), [_collapsed(item, materials.normal) for item in test]
        start = time.perf_counter()
        if isinstance(task.method, Variant):
            predicted, spared = self._train(task, materials, test)
        else:
            predicted, spared = self._peer(task.method, task.split.seed), 0.0
        return Run(
            seed=task.split.seed,
            name=task.name,
            fingerprint=task.fingerprint,
            n_train=len(materials.prepared),
            classes=materials.classes,
            normal=materials.normal,
            labels=[item.record.label or "" for item in test],
            predicted=predicted,
            seconds=round(time.perf_counter() - start + spared, 1),
        )

    def _train(self, task: Task, materials: Materials, test: Sequence[Prepared]) -> tuple[list[str], float]:
        """What the variant calls the test records, and the seconds it was spared by phases already trained."""
        config = task.config
        drawn = [] if config.augment.tda == "none" else materials.drawn
        materials = replace(materials, config=config, drawn=drawn)
        with threads_for(config):
            network = new_network(config, materials)
            phases = self.shared.for_variant(config, materials.classes)
            train(network, materials.panels, config, phases, self.track)
            with torch.no_grad():
                logits = network(network.compress(materials.stack(test).to(network.device)))
        return [materials.classes[i] for i in logits.argmax(dim=1).tolist()], phases.saved

    def _peer(self, name: str, seed: int) -> list[str]:
        labels = [item.record.label or "" for item in self.materials.prepared]
        peer = PEERS[name].build().fit(_views(self.materials.prepared), labels, seed, self.track)
        return peer.predict(_views(self.test))


def _views(prepared: Sequence[Prepared]) -> list[Image.Image]:
    """The pictures that Triptych's image encoder sees; a peer sees the same."""
    return [plot_view(item.record.load_image(), item.reading.plot) for item in prepared]


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


def _collapsed(item: Item, normal: str | None) -> Item:
    label = NORMAL if item.record.label == normal else DEFECTIVE
    return replace(item, record=replace(item.record, label=label))
