"""Chooses an augmentation for prepared records, and draws records with it.

No augmentation suits all data. Turning a plot changes its class if classes differ in the position of their dots; moving
it does so if they differ in the pattern around the centre. So `augment.tda: auto` trains the readings branch alone with
each of CANDIDATES, in every fold of the cross-fitting, and compares the cross-entropies on held-out records.
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
from triptych.features.readings import features_of_records
from triptych.features.vector import Features
from triptych.network.adapters import ReadingsAdapter
from triptych.plugins import build
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track, silent
from triptych.records import Record

AUTO, NONE, RESAMPLE, TURN = "auto", "none", "resample", "turn"
CANDIDATES = (RESAMPLE, TURN, NONE)  # by decreasing variety; they draw readings and plots, not pictures
STEPS, BATCH = 300, 64  # training steps and batch size of the readings branch in the comparison

Losses = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Choice:
    """The chosen augmentations, by name.

    Attributes:
        numbers: the augmentation that draws records.
        plots: the augmentation for an encoder that is trained on plots.
    """

    numbers: str
    plots: str


def can_choose(prepared: Sequence[Prepared], config: Config) -> bool:
    """Whether there is a choice: `augment.tda` is `auto`, some records have plots, and there are readings features."""
    has_plots = any(item.reading.plot for item in prepared)
    return config.augment.tda == AUTO and has_plots and config.encoders.readings


def choose_augmentation(folds: Sequence[Losses], config: Config) -> Choice:
    """Choose the first of CANDIDATES whose loss is not clearly above the lowest, from `candidate_losses` of all folds.

    A loss is clearly above the lowest if the mean difference exceeds `augment.doubt` standard errors. Resampling keeps
    the moments of a cloud of dots, but not spots and scratches, on which an encoder of plots relies. So plots are
    turned, unless that is clearly worse for the readings; then the augmentation with the lowest loss is used.
    """
    losses = {name: np.concatenate([fold[name] for fold in folds]) for name in CANDIDATES}
    best = min(losses, key=lambda name: float(losses[name].mean()))
    excess = {name: found - losses[best] for name, found in losses.items()}
    limit = config.augment.doubt / math.sqrt(len(losses[best]))
    fit = [name for name, e in excess.items() if e.mean() <= limit * e.std()]
    return Choice(fit[0], TURN if TURN in fit else best)


def candidate_losses(known: Sequence[Prepared], held_out: Sequence[Prepared], config: Config) -> Losses:
    """The cross-entropies [n] on n held-out records of a readings branch that is trained with each of CANDIDATES."""
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
    """Draw records from `prepared` with the augmentation `name`.

    Args:
        prepared: the training records.
        name: the name of the augmentation.
        config: the configuration.
        preparer: prepares records that are drawn as pictures; not needed for CANDIDATES, which draw none.
        factor: size of the augmented training set, as a multiple; None: the configuration's, or the augmentation's own.
        track: shows progress.
    """
    if name == NONE:
        return []
    augmenter: Augmenter = build("tda", name)
    count = round(((factor or config.augment.factor or augmenter.factor) - 1) * len(prepared))
    rng = np.random.default_rng([config.seed, len(prepared)])
    drawn = augmenter.draw([_source(item) for item in prepared], count, rng)
    plots: list[Drawn] = []

    def pictures() -> Iterator[Record]:  # a generator, so that only one picture is in memory
        for _ in track(range(count), "Augment"):
            item = next(drawn, None)
            if isinstance(item, Drawn):
                plots.append(item)
            elif item is not None:
                yield item

    if preparer is None:
        assert next(pictures(), None) is None, f"augmentation {name} draws pictures"
        return _variants(plots, prepared)
    return [*(item for item in preparer.prepare(pictures()) if isinstance(item, Prepared)), *_variants(plots, prepared)]


def _variants(drawn: Sequence[Drawn], prepared: Sequence[Prepared]) -> list[Prepared | DrawnRecord]:
    """Drawn records with their own readings features and the other features of their origins."""
    origins = [prepared[item.origin] for item in drawn]
    features = features_of_records([(item.readings, item.density) for item in drawn])
    return [
        DrawnRecord(item.origin, origin.record, origin.numbers | own, item.density)
        for item, origin, own in zip(drawn, origins, features, strict=True)
    ]


def _source(item: Prepared) -> Source:
    """A record as augmenters take it."""
    label, values, plot = item.record.label or "", item.reading.values, item.reading.plot
    if plot is None:
        return Source(label, values)
    return Source(label, values, plot.correlation, plot.density, plot.um_per_radius, plot.count)


def _branch_losses(
    training: Sequence[Prepared | DrawnRecord], held_out: Sequence[Prepared | DrawnRecord], config: Config
) -> NDArray[np.float64]:
    """The cross-entropies [n] on `held_out` of a readings branch and its head, trained on `training`."""
    features = Features.learn(training)
    classes = sorted({item.record.label or "" for item in (*training, *held_out)})
    x, unseen = (torch.from_numpy(features.matrix(part)) for part in (training, held_out))
    y, truth = (torch.tensor([classes.index(i.record.label or "") for i in part]) for part in (training, held_out))
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
