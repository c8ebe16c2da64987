"""Tunes models on the records of a data set, and writes them to folders."""

from dataclasses import dataclass
from pathlib import Path

from triptych.answers.ask import Subject
from triptych.answers.defect_book import load_book
from triptych.config import Config
from triptych.errors import TriptychError
from triptych.outputs import json_with, recognised
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.records import Failure, RecordSet
from triptych.simulate import CLASSES
from triptych.tuning.adapter import BEGUN, FACTS, FILES, KINDS, Kind, adapters_dir
from triptych.tuning.language_model import check_installed
from triptych.tuning.tune import SCHEDULES, Schedule, tune_llm, tune_vlm


@dataclass(frozen=True)
class TuningResult:
    """The folders of the tuned models, and the records that could not be used."""

    folders: list[Path]
    failures: list[Failure]


def tune_models(
    records: RecordSet,
    config: Config,
    output: Path | None,
    seed: int,
    track: Track,
    *,
    only: Kind | None = None,
    overwrite: bool = False,
    schedules: dict[Kind, Schedule] = SCHEDULES,
) -> TuningResult:
    """Tune both models, or `only` one, on simulated records and on `records`, below `output` or the default folder.

    Raises:
        TriptychError: the tuning libraries are missing, a folder holds a model and `overwrite` is off, or a folder
            cannot be written.
    """
    check_installed()
    folders = {kind: (output or adapters_dir()) / kind for kind in KINDS if only in (None, kind)}
    for folder in folders.values():
        _clear_folder(folder, overwrite=overwrite)
    book = load_book(config.answers.book).for_classes(_classes(records))
    subjects, failures = _read(records, config, track)
    if "vlm" in folders:
        tune_vlm(subjects, config.encoders.image, folders["vlm"], schedules["vlm"], seed, track)
    if "llm" in folders:
        tune_llm([s.readings for s in subjects], book, folders["llm"], schedules["llm"], seed, track)
    return TuningResult(list(folders.values()), failures)


def _classes(records: RecordSet) -> list[str]:
    """The classes for the defect book: those of the records, or the simulated ones if there are no labels."""
    return sorted({record.label for record in records if record.label is not None} or CLASSES)


def _read(records: RecordSet, config: Config, track: Track) -> tuple[list[Subject], list[Failure]]:
    """Pictures, readings and plots of `records`, and the records that could not be used."""
    if not len(records):
        return [], []
    nobody = config.changed("answers.vlm=none", "answers.llm=none", "answers.use=text", "answers.shots=0")
    preparer = Preparer(nobody, _classes(records))
    preparer.learn_depth(records)
    preparer.survey(records, track)
    items = list(preparer.subjects(track(records, "Read")))
    preparer.close()
    return [i for i in items if isinstance(i, Subject)], [i for i in items if isinstance(i, Failure)]


def _clear_folder(folder: Path, *, overwrite: bool) -> None:
    """Remove a complete or incomplete tuned model from `folder`; other files stay."""
    try:
        tuned = recognised(folder / FACTS, json_with())
        taken = [name for name in FILES if (folder / name).exists()]
        if taken and not tuned and not (folder / BEGUN).exists():
            raise TriptychError(
                f"{folder}: holds {', '.join(taken)}, which `triptych tune` did not write; name another with -o"
            )
        if tuned and not overwrite:
            raise TriptychError(
                f"{folder}: holds a tuned model; replace it with --overwrite, or choose another folder with -o"
            )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / BEGUN).touch()
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise TriptychError(f"{folder}: cannot be written ({error.strerror}); choose another folder with -o") from None
