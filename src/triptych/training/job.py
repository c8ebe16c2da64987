"""Trains a model into a folder: starts a run, continues an interrupted one, or finds the finished model."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.answers.missing import Missing, missing_answers, missing_in_training
from triptych.config import Config
from triptych.decision.operating_point import check_wish
from triptych.errors import TriptychError
from triptych.model.folder import FILES, WEIGHTS, check_place, load_model, save_model
from triptych.model.given_layouts import check_layouts_place, remove_layouts
from triptych.paths import StrPath, as_path
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.records import Failure, RecordSet, find_normal
from triptych.training.fitting import fingerprint, fit
from triptych.training.locks import exclusive
from triptych.training.training_data import check_classes
from triptych.trust import remember_servers

UNFINISHED = ".training"  # folder of the checkpoints in the model's folder, until the run is finished


@dataclass(frozen=True)
class TrainingJob:
    """The result of a training run.

    Attributes:
        message: the result in words, for the user.
        failures: the records that could not be used.
        warnings: warnings about the other records.
        missing: a line for each branch that records lack because VLM or LLM gave no answer.
    """

    message: str
    failures: list[Failure]
    warnings: tuple[str, ...] = ()
    missing: Sequence[str] = ()


def train_model(
    records: RecordSet,
    config: Config,
    folder: StrPath,
    track: Track,
    *,
    overwrite: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> TrainingJob:
    """Train on labelled `records` and write the model to `folder`; `facts` are added to its metrics.

    Raises:
        TriptychError: what `fit` and `save_model` raise; `folder` holds another model and `overwrite` is off, or files
            that are not a model's; or another training uses the folder.
    """
    folder = as_path(folder)
    records = records.where(lambda record: record.label is not None)
    check_training(records, config, folder)  # before anything is deleted
    with exclusive(folder):
        if overwrite:
            _remove_model(folder)
        done = _already_trained(records, config, folder, track)
        return done or _train(records, config, folder, track, facts or {})


def check_training(records: RecordSet, config: Config, folder: StrPath) -> None:
    """Check that training is possible, before any work is done.

    Raises:
        TriptychError: fewer than two classes, too few records of one, a normal class that is not one of them, a promise
            without a normal class, layouts that cannot be read, or a `folder` that holds files that are not a model's.
    """
    check_wish(find_normal(check_classes(records), config.normal), config.decision)
    check_place(as_path(folder))
    check_layouts_place(config.reading.layouts, as_path(folder))


def _train(records: RecordSet, config: Config, folder: Path, track: Track, facts: Mapping[str, Any]) -> TrainingJob:
    fitted = fit(records, config, folder / UNFINISHED, track)
    metrics = fitted.model.metrics
    metrics.update(facts)
    save_model(fitted.model, folder)
    shutil.rmtree(folder / UNFINISHED)
    trained = f"trained on {metrics['records']} records and {metrics['drawn']} drawn ones; model in {folder}"
    return TrainingJob(
        message=trained + _searched(metrics["tables"]),
        failures=fitted.failures,
        warnings=fitted.warnings,
        missing=missing_in_training(metrics["missing_answers"]),
    )


def _searched(tables: dict[str, int]) -> str:
    """A note for the user if some pictures were not searched for tables; else empty."""
    if not tables["not_searched"]:
        return ""
    return (
        f"\nnone of the {tables['searched']} pictures searched has a printed table, so the other "
        f"{tables['not_searched']} were not searched (--set reading.search=always searches all)"
    )


def _already_trained(records: RecordSet, config: Config, folder: Path, track: Track) -> TrainingJob | None:
    """The result if the model is finished; None if there is none, or if missing answers are available now.

    Raises:
        TriptychError: the folder holds a model of other records or settings.
    """
    if not (folder / WEIGHTS).exists() or (folder / UNFINISHED).exists():
        return None
    remember_servers(config)
    facts = load_model(folder).metrics
    if facts.get("fingerprint") != fingerprint(config, records):
        raise TriptychError(
            f"{folder}: holds a model of other records or settings, or of another Triptych; choose another folder, or "
            "replace it with --overwrite"
        )
    done = f"{folder}: already trained on these records with these settings; nothing to do"
    if not (before := facts.get("missing_answers")):
        return TrainingJob(done, [])
    now = _ask_again(records, config, track)
    if sum(found["records"] for found in now.values()) < sum(found["records"] for found in before.values()):
        return None
    return TrainingJob(f"{done} until the missing answers come", [], missing=missing_in_training(now))


def _ask_again(records: RecordSet, config: Config, track: Track) -> Missing:
    """Ask for the answers that were missing in training, and count those that are still missing."""
    with Preparer(config, check_classes(records)) as preparer:
        preparer.learn_depth(records)
        preparer.survey(records, track)
        preparer.draw_shots(records)
        items = preparer.ask(track(records, "Ask for missing answers"))
        return missing_answers(item.answers for item in items if not isinstance(item, Failure))


def _remove_model(folder: Path) -> None:
    """Delete the files of a model, and no other files in its folder."""
    remove_layouts(folder)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
