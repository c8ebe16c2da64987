"""What a benchmark has measured: one small file for each seed and method, so that it can be stopped and go on."""

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
        seed: of the split and of all random choices.
        name: the method's.
        fingerprint: of all that the result depends on.
        n_train: training records, drawn ones not counted.
        classes: what the method tells apart.
        normal: the one of them that is no defect, if there is one.
        labels: what each test record is.
        predicted: what each was called.
        seconds: to augment, train and predict; reading and encoding not counted.
        commit: of the code that ran.
        note: what else is worth knowing, such as the version of a library.
        log_loss: the mean over the test records; None without probabilities, and in files of older versions.
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
    """Runs in the folder `folder`; several processes may write at once.

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
        """The run of that seed and method, if there is one and it depends on the same things."""
        path = self._path(seed, name)
        run = self._read(path) if path.exists() else None
        return run if run and run.fingerprint == fingerprint else None

    def put(self, run: Run) -> None:
        """Keep `run`, in place of an older one of that seed and method."""
        path = self._path(run.seed, run.name)
        write_atomically(path, json.dumps(asdict(run)).encode())

    def put_unsuited(self, seed: int, name: str, fingerprint: str) -> None:
        """Keep that the records of that seed do not suit a method, so that it is not tried again."""
        write_atomically(self._mark(seed, name), fingerprint.encode())

    def is_unsuited(self, seed: int, name: str, fingerprint: str) -> bool:
        """Whether `put_unsuited` has kept that, and it depends on the same things."""
        mark = self._mark(seed, name)
        return mark.exists() and mark.read_text(encoding="utf-8") == fingerprint

    def all(self) -> list[Run]:
        """All runs, by seed and name."""
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
    """The runs of one method."""
    return {run.seed: run for run in runs if run.name == name}
