"""Cross-fitting: the out-of-fold predictions of every expert, and the choices that are made on held-out records.

The records are divided into stratified folds; records that share a picture or a group stay together. In each fold,
features, scales, principal components, precedents and drawn records come from its training records alone. There are
three passes over the folds: the first compares augmentations, the second chooses the number of epochs and the branches
of the network, and the third trains the experts.

Folds are trained in parallel, in processes of one thread each. The result does not depend on the number of processes.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Self, TypeVar

import torch
from torch import Tensor

from triptych.config import Config
from triptych.experts.panels import rehearse
from triptych.experts.registry import open_experts
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
from triptych.training.trained_part import TrainedPart, in_all, train_part
from triptych.training.training_sets import Draw, Plan, Records, training_set

R = TypeVar("R")

BESIDE = 150  # records; with fewer, folds are not trained in parallel, because starting processes takes longer


@dataclass(frozen=True)
class Fold:
    """One fold.

    Attributes:
        name: the name of the folder of its checkpoints.
        known: the indices of the training records.
        held_out: the indices of the held-out records.
    """

    name: str
    known: list[int]
    held_out: list[int]


def divide(records: Records) -> list[Fold]:
    """Divide `records` into folds; there are none with too few records, or with one group only.

    A fold is left out if some class has no training record in it, which can happen with few large groups.
    """
    c, labels = records.config.cross_fitting, [item.record.label or "" for item in records.items]
    if c.folds == 1 or len(labels) < c.least_records:
        return []
    found = folds(labels, sides([item.record for item in records.items]), c.folds, records.config.seed)
    whole = [(known, held) for known, held in found if {labels[row] for row in known} == set(labels)]
    return [Fold(f"fold-{i}", known, held) for i, (known, held) in enumerate(whole)]


@dataclass(frozen=True)
class CrossFit:
    """The result of cross-fitting.

    Attributes:
        plan: the choices.
        parts: the experts that were trained in each fold.
        by_expert: the out-of-fold log-probabilities [n, classes] of each expert.
        rows: the indices [n] of these records.
        folds: the number [n] of the fold in which each was held out.
    """

    plan: Plan
    parts: list[TrainedPart] = field(repr=False)
    by_expert: dict[str, Tensor] = field(repr=False)
    rows: list[int] = field(repr=False)
    folds: list[int] = field(repr=False)


def cross_fit(
    records: Records, parts: Sequence[Fold], draw_more: Draw, checkpoints: Checkpoints, track: Track
) -> CrossFit:
    """Choose augmentation, epochs and branches on the folds `parts`, and train all experts in each fold.

    Args:
        records: all records.
        parts: the folds.
        draw_more: draws records; not used in parallel processes, which draw with CANDIDATES only.
        checkpoints: stores the choices and the trained experts.
        track: shows progress.
    """
    with _Folding(records, parts, draw_more, track) as folding:
        plan = checkpoints.restore_plan() or _choose(folding)
        checkpoints.keep_plan(plan)
        trained = folding.run(partial(_train, plan=plan, checkpoints=checkpoints), plan, "Train the folds")
    names = in_all(trained)
    return CrossFit(
        plan=plan,
        parts=trained,
        by_expert={name: torch.cat([part.by_expert[name] for part in trained]) for name in names},
        rows=[row for fold in parts for row in fold.held_out],
        folds=[number for number, fold in enumerate(parts) for _ in fold.held_out],
    )


def _choose(folding: "_Folding") -> Plan:
    """Choose augmentation, epochs and branches on the folds."""
    config, plan = folding.records.config, Plan(_augmentation(folding))
    if "panels" not in config.experts or not config.warm_up.epochs:
        return plan
    curves = folding.run(partial(_rehearse, plan=plan), plan, "Find epochs and branches")
    epochs, active = conclude(curves, config)
    return Plan(plan.tda, epochs, active)


def _augmentation(folding: "_Folding") -> Choice:
    """The augmentation that is chosen on the folds, or that the configuration names."""
    records = folding.records
    if can_choose(records.items, records.config):
        losses = folding.run(_compare, None, "Compare augmentations")
        return choose_augmentation(losses, records.config)
    return named_augmentation(records.config)


def choose_tda(records: Records, parts: Sequence[Fold], draw_more: Draw, track: Track) -> Choice:
    """The augmentation that is chosen on the folds `parts`, or that the configuration names."""
    with _Folding(records, parts, draw_more, track) as folding:
        return _augmentation(folding)


def named_augmentation(config: Config) -> Choice:
    """The augmentation that the configuration names; `none` for `auto`."""
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
    """Runs tasks in every fold, in parallel processes if that is faster.

    As a context manager, it ends the processes. They would otherwise keep their memory for five minutes, and a program
    that trains in a process of `multiprocessing` could not end before.
    """

    records: Records
    parts: Sequence[Fold]
    draw_more: Draw
    track: Track

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._processes(None) > 1:
            from joblib.externals.loky import get_reusable_executor

            get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=error is not None)

    def run(self, task: Callable[[Records, Fold, Draw], R], plan: Plan | None, title: str) -> list[R]:
        """The results of `task` in each fold, in order."""
        count = self._processes(plan)
        if count == 1:
            return [task(self.records, fold, self.draw_more) for fold in self.track(self.parts, title)]
        from joblib import Parallel, delayed

        job = delayed(_in_process)
        drawing = partial(draw, config=self.records.config)
        light = self.records.light()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "A worker stopped")  # loky replaces workers that use much memory
            found = Parallel(count, backend="loky", return_as="generator", mmap_mode="c")(
                job(task, light, fold, drawing) for fold in self.parts
            )
            return [next(found) for _ in self.track(self.parts, title)]

    def _processes(self, plan: Plan | None) -> int:
        """The number of processes.

        It is 1 for few records, on a GPU, if encoders are trained, if pictures may be drawn, and in a worker process.
        """
        from joblib.parallel import get_active_backend

        backend, _ = get_active_backend()
        if backend.nesting_level:  # such as in a parameter search; joblib would use threads, which share torch's seed
            return 1
        config, many = self.records.config, len(self.records.items) >= BESIDE
        drawing = plan is not None and plan.tda.numbers not in CANDIDATES
        if not many or drawing or choose_device(config).type != "cpu" or config.encoders.tune != "frozen":
            return 1
        return min(config.cross_fitting.processes or cores(), len(self.parts))


def _in_process(task: Callable[[Records, Fold, Draw], R], records: Records, fold: Fold, draw_more: Draw) -> R:
    with threads_for(records.config):
        return task(records, fold, draw_more)
