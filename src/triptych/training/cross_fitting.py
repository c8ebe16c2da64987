"""Cross-fitting: what every expert says of records that it has not seen, and all that is decided by it.

The records are divided into folds, stratified, with equal pictures and groups on one side. In each fold, features,
scales, components, precedents and drawn records come from the records learned from alone. Three rounds go over the
folds: the first compares augmentations, the second finds how long networks are trained and on which branches, and the
third trains the experts.

Folds are trained beside one another in processes of one thread each; the result does not depend on how many there are.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor

from triptych.config import Config
from triptych.experts.expert import open_experts
from triptych.experts.panels import rehearse
from triptych.network.compute import choose_device, threads_for
from triptych.network.early_stopping import Curves, conclude
from triptych.progress import Track, silent
from triptych.records.splits import folds, sides
from triptych.threads import cores
from triptych.training.augmentation import (
    AUTO,
    CANDIDATES,
    NONE,
    Choice,
    Losses,
    can_choose,
    candidate_losses,
    choose_augmentation,
    draw,
)
from triptych.training.checkpoints import Checkpoints
from triptych.training.parts import TrainedPart, in_all, train_part
from triptych.training.training_sets import Draw, Plan, Records, training_set

R = TypeVar("R")

BESIDE = 150  # records from which folds are trained in processes; with fewer, starting them takes longer


@dataclass(frozen=True)
class Fold:
    """One fold.

    Attributes:
        name: of its checkpoints.
        known: places of the records to learn from.
        held_out: places of the others.
    """

    name: str
    known: list[int]
    held_out: list[int]


def divide(records: Records) -> list[Fold]:
    """The folds; none where there are too few records, or one group alone.

    A fold in which some class has no record to learn from, as few large groups may give, is left out.
    """
    c, labels = records.config.cross_fitting, [item.record.label or "" for item in records.items]
    if c.folds == 1 or len(labels) < c.least_records:
        return []
    found = folds(labels, sides([item.record for item in records.items]), c.folds, records.config.seed)
    whole = [(known, held) for known, held in found if {labels[row] for row in known} == set(labels)]
    return [Fold(f"fold-{i}", known, held) for i, (known, held) in enumerate(whole)]


@dataclass(frozen=True)
class CrossFit:
    """What came of it.

    Attributes:
        plan: what was chosen.
        parts: of each fold, the experts that were trained in it.
        by_expert: of each expert its out-of-fold log-probabilities [n, classes].
        rows: the places [n] of these records.
    """

    plan: Plan
    parts: list[TrainedPart] = field(repr=False)
    by_expert: dict[str, Tensor] = field(repr=False)
    rows: list[int] = field(repr=False)


def cross_fit(
    records: Records, parts: Sequence[Fold], draw_more: Draw, checkpoints: Checkpoints, track: Track
) -> CrossFit:
    """Choose augmentation, epochs and branches by the folds `parts`, and train all experts in each.

    Args:
        records: all records.
        parts: the folds.
        draw_more: draws records with an augmentation that is none of CANDIDATES.
        checkpoints: keeps what is done.
        track: shows progress.
    """
    folding = _Folding(records, parts, draw_more, track)
    plan = checkpoints.restore_plan() or _choose(folding)
    checkpoints.keep_plan(plan)
    trained = folding.run(partial(_train, plan=plan, checkpoints=checkpoints), plan, "Train the folds")
    names = in_all(trained)
    return CrossFit(
        plan=plan,
        parts=trained,
        by_expert={name: torch.cat([part.by_expert[name] for part in trained]) for name in names},
        rows=[row for fold in parts for row in fold.held_out],
    )


def _choose(folding: "_Folding") -> Plan:
    """What the folds say of augmentation, epochs and branches."""
    config, plan = folding.records.config, Plan(_augmentation(folding))
    if "panels" not in config.experts or not config.warm_up.epochs:
        return plan
    curves = folding.run(partial(_rehearse, plan=plan), plan, "Find epochs and branches")
    epochs, active = conclude(curves, config)
    return Plan(plan.tda, epochs, active)


def _augmentation(folding: "_Folding") -> Choice:
    """The augmentation that the folds choose, or that the configuration names."""
    records = folding.records
    if can_choose(records.items, records.config):
        losses = folding.run(_compare, None, "Compare augmentations")
        return choose_augmentation(losses, records.config)
    return named_augmentation(records.config)


def choose_tda(records: Records, parts: Sequence[Fold], draw_more: Draw, track: Track) -> Choice:
    """The augmentation that the folds `parts` choose, or that the configuration names."""
    return _augmentation(_Folding(records, parts, draw_more, track))


def named_augmentation(config: Config) -> Choice:
    """The augmentation of the configuration, where nothing can be chosen."""
    name = NONE if config.augment.tda == AUTO else config.augment.tda
    return Choice(name, name)


def _compare(records: Records, fold: Fold, _: Draw) -> Losses:
    return candidate_losses(records.of_rows(fold.known), records.of_rows(fold.held_out), records.config)


def _rehearse(records: Records, fold: Fold, draw_more: Draw, plan: Plan) -> Curves:
    data = training_set(records, fold.known, draw_more(records.of_rows(fold.known), plan.tda.numbers), plan)
    return rehearse(data, records.inputs_of(fold.held_out, data.features), silent)


def _train(records: Records, fold: Fold, draw_more: Draw, plan: Plan, checkpoints: Checkpoints) -> TrainedPart:
    store = checkpoints.part(fold.name)
    if (done := store.restore_part()) is not None:
        return done
    drawn = draw_more(records.of_rows(fold.known), plan.tda.numbers)
    data = training_set(records, fold.known, drawn, plan, store)
    held_out = records.inputs_of(fold.held_out, data.features)
    part = train_part(open_experts(records.config.experts), data, held_out, silent)
    store.keep_part(part)
    return part


@dataclass(frozen=True)
class _Folding:
    """Does something in every fold, in several processes where that is quicker."""

    records: Records
    parts: Sequence[Fold]
    draw_more: Draw
    track: Track

    def run(self, task: Callable[[Records, Fold, Draw], R], plan: Plan | None, title: str) -> list[R]:
        """What `task` gives in each fold, in order."""
        count = self._processes(plan)
        if count == 1:
            return [task(self.records, fold, self.draw_more) for fold in self.track(self.parts, title)]
        from joblib import Parallel, delayed

        job = delayed(_in_process)
        drawing = partial(draw, config=self.records.config)
        light = self.records.light()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "A worker stopped")  # one that has grown is replaced, which is no fault
            found = Parallel(count, backend="loky", return_as="generator", mmap_mode="c")(
                job(task, light, fold, drawing) for fold in self.parts
            )
            return [next(found) for _ in self.track(self.parts, title)]

    def _processes(self, plan: Plan | None) -> int:
        """How many processes: one for few records, on a GPU, if pictures may be drawn, and within another process."""
        from joblib.parallel import get_active_backend

        backend, _ = get_active_backend()
        if backend.nesting_level:  # such as a search that runs its own; joblib would take threads, which share a seed
            return 1
        config, many = self.records.config, len(self.records.items) >= BESIDE
        drawing = plan is not None and plan.tda.numbers not in CANDIDATES
        if not many or drawing or choose_device(config).type != "cpu" or config.encoders.tune != "frozen":
            return 1
        return min(config.cross_fitting.processes or cores(), len(self.parts))


def _in_process(task: Callable[[Records, Fold, Draw], R], records: Records, fold: Fold, draw_more: Draw) -> R:
    with threads_for(records.config):
        return task(records, fold, draw_more)
