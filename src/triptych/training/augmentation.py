"""Augmentation of prepared records: which one suits them, and the records that it draws.

No augmentation suits all data: turning a plot changes the class where classes differ in where their dots lie, and
moving it where they differ in the pattern around its centre. So `augment.tda: auto` measures in every fold of the
cross-fitting with which of CANDIDATES the readings branch alone is most certain of what is true.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
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

AUTO, NONE, RESAMPLE, TURN = "auto", "none", "resample", "turn"
CANDIDATES = (RESAMPLE, TURN, NONE)  # the greatest variety first; they draw numbers, not pictures
STEPS, BATCH = 300, 64  # of the readings branch that is trained to compare them

Losses = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Choice:
    """Which augmentation suits the records.

    Attributes:
        numbers: the one that draws records.
        plots: the one for an encoder that is trained on plots.
    """

    numbers: str
    plots: str


def can_choose(prepared: Sequence[Prepared], config: Config) -> bool:
    """Whether there is something to choose: `auto`, and records with plots."""
    has_plots = any(item.reading.plot for item in prepared)
    return config.augment.tda == AUTO and has_plots and config.encoders.readings


def choose_augmentation(folds: Sequence[Losses], config: Config) -> Choice:
    """The first of CANDIDATES whose loss is not clearly above the least one, from `candidate_losses` of all folds.

    Resampling keeps what is measured of a cloud, but not spots and scratches, which an encoder of plots relies on. So
    plots are turned unless that is clearly worse for the readings; then they get what has the least loss there.
    """
    losses = {name: np.concatenate([fold[name] for fold in folds]) for name in CANDIDATES}
    best = min(losses, key=lambda name: float(losses[name].mean()))
    excess = {name: found - losses[best] for name, found in losses.items()}
    limit = config.augment.doubt / math.sqrt(len(losses[best]))
    fit = [name for name, e in excess.items() if e.mean() <= limit * e.std()]
    return Choice(fit[0], TURN if TURN in fit else best)


def candidate_losses(known: Sequence[Prepared], held_out: Sequence[Prepared], config: Config) -> Losses:
    """The cross-entropies [n] on n records held out of a readings branch that is trained with each of CANDIDATES."""
    factor = config.augment.tried_factor
    return {
        name: _branch_losses([*known, *draw(known, name, config, factor=factor)], held_out, config)
        for name in CANDIDATES
    }


def draw(
    prepared: Sequence[Prepared],
    name: str,
    config: Config,
    preparer: Preparer | None = None,
    factor: float | None = None,
    track: Track = silent,
) -> list[Prepared | DrawnRecord]:
    """What the augmentation `name` draws from `prepared`.

    Args:
        prepared: the training records.
        name: of the augmentation.
        config: the configuration.
        preparer: prepares records that are drawn as pictures; CANDIDATES draw none.
        factor: size of the training set with what is drawn, as a multiple; None: the configuration's, or its own.
        track: shows progress.
    """
    if name == NONE:
        return []
    augmenter: Augmenter = build("tda", name)
    count = round(((factor or config.augment.factor or augmenter.factor) - 1) * len(prepared))
    rng = np.random.default_rng([config.seed, len(prepared)])
    drawn = augmenter.draw([_source(item) for item in prepared], count, rng)
    variants: list[DrawnRecord] = []

    def pictures() -> Iterator[Record]:  # one at a time, so that they are not all held in memory
        for _ in track(range(count), "Augment"):
            item = next(drawn, None)
            if isinstance(item, Drawn):
                variants.append(_variant(item, prepared[item.origin]))
            elif item is not None:
                yield item

    if preparer is None:
        assert next(pictures(), None) is None, f"augmentation {name} draws pictures"
        return list(variants)
    return [*(item for item in preparer.prepare(pictures()) if isinstance(item, Prepared)), *variants]


def _variant(item: Drawn, origin: Prepared) -> DrawnRecord:
    """A drawn record with its features, and what answers say of its origin in numbers."""
    numbers = origin.numbers | reading_features(item.readings, item.density)
    return DrawnRecord(item.origin, origin.record, numbers, item.density)


def _source(item: Prepared) -> Source:
    """What augmentation knows of a record."""
    label, values, plot = item.record.label or "", item.reading.values, item.reading.plot
    if plot is None:
        return Source(label, values)
    return Source(label, values, plot.correlation, plot.density, plot.um_per_radius, plot.count)


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
