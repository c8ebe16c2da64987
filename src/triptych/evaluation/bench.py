"""One seed of a benchmark: its records are read and encoded once, and all methods are trained and scored on them.

Only the steps that the methods need are run: most peers need neither answers nor Triptych's features.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from PIL import Image

from triptych.cache import digest
from triptych.config import Config
from triptych.errors import TriptychError
from triptych.evaluation.environment import commit
from triptych.evaluation.methods import Task
from triptych.evaluation.metrics import DEFECTIVE, NORMAL, binary_log_loss, log_loss
from triptych.evaluation.peers import PEERS, Examples, Peer, PeerRecord, Predictions, PreparedPeer
from triptych.evaluation.runs import Run
from triptych.evaluation.shared_phases import SharedCheckpoints, SharedPhases
from triptych.network.compute import threads_for
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.preparation.preparer import AnsweredRecord, Preparer, plot_view
from triptych.progress import Track
from triptych.reading import Reading
from triptych.records import Decoder, Failure, Record, RecordSet, find_normal
from triptych.records.splits import sides
from triptych.training.checkpoints import Checkpoints
from triptych.training.cross_fitting import choose_tda, divide, named_augmentation
from triptych.training.fitting import drawing, train
from triptych.training.training_data import TrainingData, collect
from triptych.training.training_sets import Draw, Records

T = TypeVar("T")
Item = TypeVar("Item", bound=Prepared | DrawnRecord)

LEARNED = {"learning_rate", "adapters_learning_rate", "dim", "image_components", "dropout"}
"""Settings of encoders that affect the training only, not the preparation of records."""


class Bench:
    """Trains and scores the methods of one seed on records that are prepared once."""

    def __init__(self, tasks: Sequence[Task], track: Track) -> None:
        self.split, self.track, self.config = tasks[0].split, track, tasks[0].config
        self.own = [task.config for task in tasks if not isinstance(task.method, str) or PEERS[task.method].prepared]
        self.commit = commit()
        self.shared: dict[int | None, SharedPhases] = defaultdict(SharedPhases)
        self._collected: dict[str, TrainingData] = {}
        self._test: dict[str, list[Prepared]] = {}
        self._examples: dict[str, Examples] = {}

    def run(self, task: Task) -> Run | None:
        """Train and score one method; None if it learns from features and the records have none."""
        if not isinstance(task.method, str):
            return self._triptych(task)
        peer = PEERS[task.method].build()
        return self._peer(task, peer) if isinstance(peer, Peer) else self._prepared_peer(task, peer)

    def data(self, config: Config, size: int | None = None) -> TrainingData:
        """The prepared training records, or `size` of them."""
        key = digest(_preparation(config), str(size))
        if key not in self._collected:
            with threads_for(config):
                self._collected[key] = collect(self._training(size), config, self.track)
        return replace(self._collected[key], config=config)

    def test(self, config: Config) -> list[Prepared]:
        """The test records, prepared with the state learned from all training records."""
        key = _preparation(config)
        if key not in self._test:
            data = self.data(config)
            with Preparer(config, data.classes, data.state) as preparer, threads_for(config):
                items = preparer.prepare(self.track(self.split.test, "Read, ask, encode"))
                self._test[key] = [_usable(item) for item in items]
        return self._test[key]

    def examples(self, config: Config, size: int | None = None) -> Examples:
        """The training records, or `size` of them, with the records drawn by the augmentation that Triptych chooses."""
        key = digest(config.to_yaml(), str(size))
        if key not in self._examples:
            data, start = self.data(config, size), time.perf_counter()
            drawn = [item for item in self._drawn(data) if isinstance(item, DrawnRecord)]  # not drawn pictures
            seconds = time.perf_counter() - start
            self._examples[key] = Examples(data.prepared, drawn, self.split.seed, seconds)
        return self._examples[key]

    def _drawn(self, data: TrainingData) -> Sequence[Prepared | DrawnRecord]:
        with threads_for(data.config):
            records, draw_more = Records.of(data.config, data.classes, data.prepared), drawing(data, self.track)
            parts = divide(records)
            tda = choose_tda(records, parts, draw_more, self.track) if parts else named_augmentation(data.config)
            return draw_more(data.prepared, tda.numbers)

    @cached_property
    def seen(self) -> dict[int, PeerRecord]:
        """The input of peers for every usable record; records that must stay together have the same source.

        The keys are the `id()` of the records, because several records may have the same `Record.id`.
        """
        sides = self._sides
        return {key: replace(one, source=f"side {sides[key]}") if sides else one for key, one in self._read.items()}

    @cached_property
    def _read(self) -> dict[int, PeerRecord]:
        """The input of peers for every usable record of the split; records prepared for Triptych are not read again."""
        if self.own:
            data = self.data(self.own[0])
            items = [*data.prepared, *self.test(self.own[0])]
            return {id(item.record): _peer_record(item.record, item.reading, data.decoder) for item in items}
        learning = Preparer(self.config, self.split.train.classes)
        learning.learn_depth(self.split.train)
        known = list(learning.ask(self.track(self.split.train, "Read")))
        knowing = Preparer(self.config, self.split.train.classes, learning.state)
        asked = list(map(_usable, knowing.ask(self.track(self.split.test, "Read"))))
        learning.close()
        knowing.close()
        pairs = zip((*self.split.train, *self.split.test), (*known, *asked), strict=True)
        decoder = learning.decoder
        return {
            id(record): _peer_record(record, item.reading, decoder)
            for record, item in pairs
            if isinstance(item, AnsweredRecord)
        }

    @cached_property
    def _sides(self) -> dict[int, int]:
        """The side of every record, by its `id()`; records of one side must stay together. Empty without groups."""
        records = [*self.split.train, *self.split.test]
        grouped = any(record.group is not None for record in records)
        return dict(zip(map(id, records), sides(records), strict=True)) if grouped else {}

    def _peer(self, task: Task, peer: Peer) -> Run:
        """Train and score a peer."""
        usable = [record for record in self._training(task.size) if id(record) in self.seen]
        start = time.perf_counter()
        train_labels = [record.label or "" for record in usable]
        peer.fit([self.seen[id(record)] for record in usable], train_labels, task.split.seed, self.track)
        predictions = peer.predict([self.seen[id(record)] for record in self.split.test])
        seconds = time.perf_counter() - start
        test_labels = [record.label or "" for record in self.split.test]
        return self._run(task, train_labels, test_labels, predictions, seconds, peer.note)

    def _prepared_peer(self, task: Task, peer: PreparedPeer) -> Run | None:
        """Train and score a peer on Triptych's features; None if there are none."""
        examples, test = self.examples(task.config, task.size), self.test(task.config)
        if not examples.features.names:
            return None
        start = time.perf_counter()
        predictions = peer.fit(examples).predict(test)
        seconds = time.perf_counter() - start + peer.spared + examples.seconds
        train_labels, test_labels = ([item.record.label or "" for item in items] for items in (examples.prepared, test))
        return self._run(task, train_labels, test_labels, predictions, seconds, peer.note)

    def _triptych(self, task: Task) -> Run:
        """Train and score Triptych with the configuration of `task`."""
        data, test = self.data(task.config, task.size), self.test(task.config)
        draw_more = drawing(data, self.track)
        if task.binary:
            data, draw_more = _as_binary(data, draw_more)
            test = [_with_binary_label(item, data.normal or NORMAL) for item in test]
        start = time.perf_counter()
        predictions, spared = self._train(task, data, draw_more, test)
        seconds = time.perf_counter() - start + spared
        train_labels, test_labels = ([item.record.label or "" for item in items] for items in (data.prepared, test))
        return self._run(task, train_labels, test_labels, predictions, seconds)

    def _run(
        self,
        task: Task,
        train_labels: Sequence[str],
        test_labels: list[str],
        predictions: Predictions,
        seconds: float,
        note: str = "",
    ) -> Run:
        """The run of a task, from the labels of its training and test records and the predictions for the latter."""
        classes = sorted(set(train_labels))
        normal = NORMAL if task.binary else find_normal(classes, task.config.normal)
        shares = predictions.probabilities
        return Run(
            seed=task.split.seed,
            name=task.name,
            fingerprint=task.fingerprint,
            n_train=len(train_labels),
            classes=classes,
            normal=normal,
            labels=test_labels,
            predicted=predictions.labels,
            seconds=round(seconds, 1),
            commit=self.commit,
            note=note,
            log_loss=None if shares is None else log_loss(test_labels, shares, classes),
            binary_log_loss=None
            if shares is None or not normal
            else binary_log_loss(test_labels, shares, classes, normal),
        )

    def _training(self, size: int | None) -> RecordSet:
        return self.split.train if size is None else self.split.smaller(size)

    def _train(
        self, task: Task, data: TrainingData, draw_more: Draw, test: Sequence[Prepared]
    ) -> tuple[Predictions, float]:
        """Train; return the predictions for the test records, and the seconds saved by phases trained before."""
        phases = self.shared[task.size].for_variant(task.config, data.classes)
        shares_phases = task.config.experts == ("panels",) and task.config.cross_fitting.folds == 1
        checkpoints = SharedCheckpoints(phases) if shares_phases else Checkpoints(None, "")
        with threads_for(task.config):
            model = train(data, checkpoints, self.track, draw_more)
            by_expert = model.ensemble.expert_log_probabilities(test, data.classes)
            found = model.ensemble.pool.log_probabilities(by_expert)
        return Predictions(model.choose(found.exp()), found.exp().numpy()), phases.saved


def _peer_record(record: Record, reading: Reading, decoder: Decoder) -> PeerRecord:
    source = str(record.image) if isinstance(record.image, Path) else None
    return PeerRecord(partial(_view, record, reading, decoder), reading.values, source)


def _usable(item: T | Failure) -> T:
    """The item itself, because all methods must be scored on all test records.

    Raises:
        TriptychError: the test record cannot be used.
    """
    if isinstance(item, Failure):
        raise TriptychError(
            f"benchmark: the test record {item.id} cannot be used ({item.message}); correct or remove it"
        )
    return item


def _view(record: Record, reading: Reading, decoder: Decoder) -> Image.Image:
    return plot_view(record.load_image(decoder), reading.plot)


def _preparation(config: Config) -> str:
    """A digest of the settings on which reading, answers and encoding depend."""
    encoders = config.encoders.model_dump(exclude=LEARNED)
    return digest(repr(config.reading), repr(config.answers), repr(encoders), str(config.normal))


def _as_binary(data: TrainingData, draw_more: Draw) -> tuple[TrainingData, Draw]:
    """The same records with the labels normal and defective; augmentation still draws from the original classes."""
    if data.normal is None:
        raise TriptychError("benchmark: no class is the normal one; name it with --set normal=NAME")
    normal, pairs = data.normal, [(item, _with_binary_label(item, data.normal)) for item in data.prepared]
    original = {id(relabelled): item for item, relabelled in pairs}

    def draw_by_class(prepared: Sequence[Prepared], name: str) -> list[Prepared | DrawnRecord]:
        return [_with_binary_label(item, normal) for item in draw_more([original[id(one)] for one in prepared], name)]

    prepared = [relabelled for _, relabelled in pairs]
    return replace(data, classes=[DEFECTIVE, NORMAL], normal=NORMAL, prepared=prepared), draw_by_class


def _with_binary_label(item: Item, normal: str | None) -> Item:
    label = NORMAL if item.record.label == normal else DEFECTIVE
    return replace(item, record=replace(item.record, label=label))
