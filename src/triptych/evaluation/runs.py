"""Stores the runs of a benchmark, one small file per seed and method, so that it can be interrupted and resumed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from triptych.errors import TriptychError
from triptych.evaluation.metrics import Scores, score
from triptych.files import unwritable, write_atomically


@dataclass(frozen=True)
class Run:
    """One method, trained and scored once.

    Attributes:
        seed: seed of the split and of all random choices.
        name: name of the method.
        fingerprint: digest of everything on which the result depends.
        n_train: number of training records, without drawn ones.
        classes: the classes of the method.
        normal: the normal one of `classes`, if there is one.
        labels: true class of each test record.
        predicted: predicted class of each test record.
        seconds: time to augment, train and predict, without reading and encoding.
        commit: commit of the code that ran.
        note: additional information, such as the version of a library.
        log_loss: mean over the test records; None without probabilities, and in files of older versions.
        binary_log_loss: the same for normal against defective; None also without a normal class.
    """

    seed: int
    name: str
    fingerprint: str
    n_train: int
    classes: list[str]
    normal: str | None
    labels: list[str]
    predicted: list[str]
    seconds: float
    commit: str = ""
    note: str = ""
    log_loss: float | None = None
    binary_log_loss: float | None = None

    @cached_property
    def scores(self) -> Scores:
        """The scores on the test records."""
        return score(self.labels, self.predicted, self.classes, self.normal)


class RunStore:
    """The runs in `folder`; several processes may write at the same time.

    Raises:
        TriptychError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(folder, error) from None

    def get(self, seed: int, name: str, fingerprint: str) -> Run | None:
        """The stored run of this seed and method; None if there is none, or its fingerprint differs."""
        path = self._path(seed, name)
        run = self._read(path) if path.exists() else None
        return run if run and run.fingerprint == fingerprint else None

    def put(self, run: Run) -> None:
        """Store `run`, and replace an older one of the same seed and method."""
        path = self._path(run.seed, run.name)
        write_atomically(path, json.dumps(asdict(run)).encode())

    def put_unsuited(self, seed: int, name: str, fingerprint: str) -> None:
        """Store that a method cannot be run on the records of a seed, so that it is not tried again."""
        write_atomically(self._mark(seed, name), fingerprint.encode())

    def is_unsuited(self, seed: int, name: str, fingerprint: str) -> bool:
        """Whether `put_unsuited` was called for this seed and method with the same fingerprint."""
        mark = self._mark(seed, name)
        return mark.exists() and mark.read_text(encoding="utf-8") == fingerprint

    def all(self) -> list[Run]:
        """All runs, sorted by seed and name."""
        return sorted(map(self._read, self.folder.glob("*.json")), key=lambda run: (run.seed, run.name))

    def _path(self, seed: int, name: str) -> Path:
        return self.folder / f"{seed}-{name}.json"

    def _mark(self, seed: int, name: str) -> Path:
        return self.folder / f"{seed}-{name}.unsuited"

    def _read(self, path: Path) -> Run:
        try:
            return Run(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise TriptychError(f"{path}: not a run of a benchmark ({error}); delete it and start again") from None


def by_seed(runs: Sequence[Run], name: str) -> dict[int, Run]:
    """The runs of one method by seed."""
    return {run.seed: run for run in runs if run.name == name}
