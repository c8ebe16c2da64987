"""Training into a folder: begins, goes on after an interruption, or finds the work done."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from triptych.config import Config
from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.progress import Track
from triptych.records import Failure, RecordSet, find_normal
from triptych.training.fitting import fingerprint, fit
from triptych.training.materials import check_classes
from triptych.training.model_folder import FILES, WEIGHTS, load_model, save_model

UNFINISHED = ".training"  # in the model's folder, while a run is not done


@dataclass(frozen=True)
class TrainingJob:
    """What came of it: a message for the user, the records that could not be used, and warnings about the others."""

    message: str
    failures: list[Failure]
    warnings: tuple[str, ...] = ()


def train_model(
    records: RecordSet, config: Config, folder: StrPath, track: Track, *, overwrite: bool = False
) -> TrainingJob:
    """Train on labelled `records` and write the model to `folder`.

    Raises:
        TriptychError: what `fit` and `save_model` raise; or `folder` holds something else and `overwrite` is off.
    """
    folder = as_path(folder)
    records = records.where(lambda record: record.label is not None)
    find_normal(check_classes(records), config.normal)  # before anything is deleted
    if overwrite and folder.exists():
        _remove_model(folder)
    if (folder / WEIGHTS).exists() and not (folder / UNFINISHED).exists():
        return _already_trained(records, config, folder)
    fitted = fit(records, config, folder / UNFINISHED, track)
    save_model(fitted.model, folder)
    shutil.rmtree(folder / UNFINISHED)
    facts = fitted.model.metrics
    trained = f"trained on {facts['records']} records and {facts['drawn']} drawn ones; model in {folder}"
    return TrainingJob(trained + _searched(facts["tables"]), fitted.failures, fitted.warnings)


def _searched(tables: dict[str, int]) -> str:
    """What is said where some pictures were not searched for tables."""
    if not tables["not_searched"]:
        return ""
    return (
        f"\nnone of the {tables['searched']} pictures searched has a printed table, so the other "
        f"{tables['not_searched']} were not searched (--set reading.search=always searches all)"
    )


def _already_trained(records: RecordSet, config: Config, folder: Path) -> TrainingJob:
    if load_model(folder).metrics.get("fingerprint") == fingerprint(config, records):
        return TrainingJob(f"{folder}: already trained on these records with these settings; nothing to do", [])
    raise TriptychError(
        f"{folder}: holds a model of other records or settings; choose another folder, or replace it with --overwrite"
    )


def _remove_model(folder: Path) -> None:
    """Delete a model, and nothing else that may lie in its folder."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
