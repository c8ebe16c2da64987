"""Augmentation of prepared records: which one suits them, and the records that it draws.

No augmentation suits all data: turning a plot changes the class where classes differ in where their dots lie, and
moving it where they differ in the pattern around its centre. So `augment.tda: auto` measures, by cross-validation among
the training records, with which of CANDIDATES the readings branch alone is most certain of what is true.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F

from triptych.augment import Augmenter, Drawn, Source
from triptych.config import Config
from triptych.features.readings import reading_features
from triptych.features.vector import Features
from triptych.network.adapters import ReadingsAdapter
from triptych.plugins import build
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track, silent
from triptych.records import Record
from triptych.records.splits import folds, sides

AUTO, NONE, RESAMPLE, TURN = "auto", "none", "resample", "turn"
CANDIDATES = (RESAMPLE, TURN, NONE)  # the greatest variety first
DOUBT = 2.0  # standard errors by which one must be worse than the best to be passed over
FOLDS, MEASURED = 2, 3  # of the cross-validation; size of the training set in it, as a multiple
STEPS, BATCH = 300, 64  # of the readings branch that is trained in it


def draw(
    augmenter: Augmenter, config: Config, preparer: Preparer, prepared: Sequence[Prepared], track: Track
) -> list[Prepared | DrawnRecord]:
    """What `augmenter` draws from `prepared`; drawn pictures are prepared like any other."""
    count = round(((config.augment.factor or augmenter.factor) - 1) * len(prepared))
    variants: list[DrawnRecord] = []
    pictures = _pictures(augmenter, prepared, count, config.seed, variants, track)
    return [*(item for item in preparer.prepare(pictures) if isinstance(item, Prepared)), *variants]


@dataclass(frozen=True)
class Choice:
    """Which augmentation suits the records.

    Attributes:
        numbers: the one that draws records.
        plots: the one for an encoder that is trained on plots.
    """

    numbers: str
    plots: str


def choose_augmentation(prepared: Sequence[Prepared], config: Config) -> Choice:
    """The first of CANDIDATES whose cross-validated loss on `prepared` is not clearly above the least one.

    Resampling keeps what is measured of a cloud, but not spots and scratches, which an encoder of plots lives on. So
    plots are turned unless that is clearly worse for the readings; then they get what has the least loss there.
    """
    if config.augment.tda != AUTO:
        return Choice(config.augment.tda, config.augment.tda)
    if not any(item.reading.plot for item in prepared) or not config.encoders.readings or not _folds(prepared, 0):
        return Choice(NONE, NONE)
    losses = {name: _losses(name, prepared, config) for name in CANDIDATES}
    best = min(losses, key=lambda name: float(losses[name].mean()))
    excess = {name: found - losses[best] for name, found in losses.items()}
    fit = [n for n, e in excess.items() if e.mean() <= DOUBT * e.std() / math.sqrt(len(prepared))]
    return Choice(fit[0], TURN if TURN in fit else best)


def _pictures(
    augmenter: Augmenter,
    prepared: Sequence[Prepared],
    count: int,
    seed: int,
    variants: list[DrawnRecord],
    track: Track = silent,
) -> Iterator[Record]:
    """The records that are drawn as pictures, one at a time, so that they are not all held in memory.

    Those drawn in numbers alone are put into `variants`.
    """
    drawn = augmenter.draw([_source(item) for item in prepared], count, np.random.default_rng([seed, len(prepared)]))
    for _ in track(range(count), "Augment"):
        item = next(drawn, None)
        if isinstance(item, Drawn):
            origin = prepared[item.origin]  # and what answers say of it in numbers
            numbers = origin.numbers | reading_features(item.readings, item.density)
            variants.append(DrawnRecord(item.origin, origin.record, numbers, item.density))
        elif item is not None:
            yield item


def _source(item: Prepared) -> Source:
    """What augmentation knows of a record."""
    label, values, plot = item.record.label or "", item.reading.values, item.reading.plot
    if plot is None:
        return Source(label, values)
    return Source(label, values, plot.correlation, plot.density, plot.um_per_radius, plot.count)


def _folds(prepared: Sequence[Prepared], seed: int) -> list[tuple[list[int], list[int]]]:
    """Folds of the cross-validation; records of one picture or group are on one side. None of a single group."""
    return folds([i.record.label or "" for i in prepared], sides([i.record for i in prepared]), FOLDS, seed)


def _losses(name: str, prepared: Sequence[Prepared], config: Config) -> NDArray[np.float64]:
    """The cross-validated cross-entropies [n] of a readings branch that is trained with augmentation `name`."""
    losses = np.zeros(len(prepared))
    for known, held_out in _folds(prepared, config.seed):
        part: list[Prepared] = [prepared[i] for i in known]
        variants: list[DrawnRecord] = []
        if name != NONE:
            deque(_pictures(build("tda", name), part, (MEASURED - 1) * len(part), config.seed, variants), maxlen=0)
        losses[held_out] = _branch_losses([*part, *variants], [prepared[i] for i in held_out], config)
    return losses


def _branch_losses(
    learned: Sequence[Prepared | DrawnRecord], held_out: Sequence[Prepared | DrawnRecord], config: Config
) -> NDArray[np.float64]:
    """The cross-entropies [n] on `held_out` of a readings branch and its head, trained on `learned`."""
    features = Features.learn(learned)
    classes = sorted({item.record.label or "" for item in (*learned, *held_out)})
    x, unseen = (torch.from_numpy(features.matrix(part)) for part in (learned, held_out))
    y, truth = (torch.tensor([classes.index(i.record.label or "") for i in part]) for part in (learned, held_out))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        branch = ReadingsAdapter(len(features.names), config.encoders.dim, config.encoders.dropout)
        branch.fit(x)
        network = nn.Sequential(branch, nn.Flatten(), nn.Linear(config.encoders.dim, len(classes)))
        optimizer = torch.optim.AdamW(network.parameters(), config.optimizer.learning_rate)
        x = branch.compress(x)
        for _ in range(STEPS):
            rows = torch.randint(len(x), (BATCH,))
            optimizer.zero_grad()
            F.cross_entropy(network(x[rows]), y[rows], label_smoothing=config.fusion.label_smoothing).backward()
            optimizer.step()
    with torch.no_grad():
        logits = network.eval()(branch.compress(unseen))
    return F.cross_entropy(logits, truth, reduction="none").double().numpy()
