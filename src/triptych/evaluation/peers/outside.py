"""AutoGluon-Tabular on the readings, in a Python environment of its own.

Its dependencies pin other versions than Triptych's, so it runs in a separate process. `TRIPTYCH_AUTOGLUON` names the
Python interpreter of an environment with `pip install autogluon.tabular lightgbm`. The process reads tables and writes
labels and probabilities.
"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Self

from triptych.errors import TriptychError
from triptych.evaluation.peers.columns import find_columns
from triptych.evaluation.peers.peer import Peer, PeerRecord, Predictions
from triptych.progress import Track

VARIABLE = "TRIPTYCH_AUTOGLUON"
SECONDS = 120  # time limit of a fit


class AutoGluonTabular(Peer):
    """AutoGluon-Tabular on numbers, words and texts; it infers the kinds of the columns itself.

    Training and prediction run in one process, so `fit` only stores the training data for `predict`.
    """

    def fit(self, records: Sequence[PeerRecord], labels: Sequence[str], seed: int, track: Track) -> Self:
        """Store the readings and labels; `seed` is not used, because AutoGluon has its own random states."""
        self.columns = find_columns(record.readings for record in records)
        self.classes = sorted(set(labels))
        self.known = self.columns.table([record.readings for record in records]).assign(label=list(labels))
        return self

    def predict(self, records: Sequence[PeerRecord]) -> Predictions:
        """Predict the label and probabilities of every record.

        Raises:
            TriptychError: the process failed.
        """
        import pandas as pd

        with tempfile.TemporaryDirectory() as folder:
            known, asked, predicted = (Path(folder) / name for name in ("train.csv", "test.csv", "predicted.csv"))
            self.known.to_csv(known, index=False)
            self.columns.table([record.readings for record in records]).to_csv(asked, index=False)
            script = str(files("triptych") / "evaluation" / "peers" / "autogluon_script.py")
            command = [interpreter(), script, str(known), str(asked), str(predicted), str(SECONDS)]
            done = subprocess.run(command, capture_output=True, text=True, cwd=folder)  # noqa: S603
            if done.returncode:
                reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
                raise TriptychError(f"peer autogluon: {command[0]} failed ({reason}); is AutoGluon installed there?")
            self.note = done.stdout.strip().splitlines()[-1]
            found = pd.read_csv(predicted, dtype={"label": str}, keep_default_na=False)
            columns = [f"p_{name}" for name in self.classes]
            shares = found.reindex(columns=columns, fill_value=0.0)  # AutoGluon may drop classes with few records
            return Predictions(found["label"].tolist(), shares.to_numpy(dtype=float))


def interpreter() -> str:
    """The Python interpreter that has AutoGluon; an empty string if none is set."""
    return os.environ.get(VARIABLE, "")
