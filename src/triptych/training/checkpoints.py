"""What a training run leaves behind at the end of each phase, so that the next start goes on from there."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from safetensors.torch import load_file

from triptych.errors import TriptychError
from triptych.files import unwritable, write_atomically
from triptych.network.network import Network
from triptych.network.phases import Epoch
from triptych.network.weights import save_atomically


class PhaseKeeper(Protocol):
    """Keeps the phases that are done."""

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Put the state after `phase` into `network` and return its curves; None when the phase is not done."""

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Keep the state after `phase`."""


class Checkpoints:
    """The phases that are done, in a folder that belongs to one run.

    Args:
        folder: where to keep them; None keeps nothing.
        fingerprint: names the run: its configuration and its records.

    Raises:
        TriptychError: the folder belongs to another run, or cannot be written.
    """

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.folder = folder
        if folder is None:
            return
        mark = folder / "fingerprint"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not any(folder.glob("*.safetensors")):  # nothing of another run would be lost
                write_atomically(mark, fingerprint.encode())
            found = mark.read_text()
        except OSError as error:
            raise unwritable(folder, error) from None
        if found != fingerprint:
            raise TriptychError(
                f"{folder.parent}: holds an unfinished training of other records or settings; "
                f"run that again to finish it, delete {folder}, or choose another folder"
            )

    def belong_to(self, answers: str) -> None:
        """Forget phases that were trained on other answers than `answers` names, such as fewer of them."""
        if self.folder is None:
            return
        mark = self.folder / "answers"
        if mark.exists() and mark.read_text() != answers:
            for path in (*self.folder.glob("*.safetensors"), *self.folder.glob("*.json")):
                path.unlink()
        write_atomically(mark, answers.encode())

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Put the state after `phase` into `network` and return its curves; None when the phase is not done."""
        if self.folder is None or not (weights := self.folder / f"{phase}.safetensors").exists():
            return None
        network.load_learned(load_file(weights))
        return [Epoch(**epoch) for epoch in json.loads((self.folder / f"{phase}.json").read_text())]

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Keep the state after `phase`; the weights come last and mark the phase as done."""
        if self.folder is None:
            return
        curves = json.dumps([asdict(epoch) for epoch in history])
        write_atomically(self.folder / f"{phase}.json", curves.encode())
        save_atomically(network, self.folder / f"{phase}.safetensors")
