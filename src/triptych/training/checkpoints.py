"""The checkpoints of a training run, from which an interrupted run continues.

The folder of a run holds:

    fingerprint, answers      digests that identify the run
    plan.json                 the choices of cross-fitting
    fold-0/, ..., all/        a folder for each training set, with
        <phase>.safetensors   the network after a phase, with its curves in <phase>.json
        part.safetensors      all experts, when they are trained
"""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from safetensors.torch import load_file, save
from torch import Tensor

from triptych.errors import TriptychError
from triptych.features.precedents import Precedents
from triptych.features.vector import Features
from triptych.files import unwritable, write_atomically
from triptych.network.network import Network
from triptych.network.phases import Epoch
from triptych.network.weights import save_atomically
from triptych.training.augmentation import Choice
from triptych.training.trained_part import TrainedPart
from triptych.training.training_sets import Plan

PART, PLAN, HELD_OUT, STATE = "part", "plan.json", "held_out", "state"


class Checkpoints:
    """The checkpoints of one run, in a folder.

    Args:
        folder: the folder; None stores nothing.
        fingerprint: a digest that identifies the run: its configuration and its records.

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
            if not any(folder.glob("*/*.safetensors")):  # no finished work of another run would be lost
                self._clear()
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
        """Delete the checkpoints if they were trained on other answers than those with the digest `answers`."""
        if self.folder is None:
            return
        mark = self.folder / "answers"
        if mark.exists() and mark.read_text() != answers:
            self._clear()
        write_atomically(mark, answers.encode())

    def part(self, name: str) -> "PartStore":
        """The checkpoints of the training set `name`."""
        return PartStore(self.folder and self.folder / name)

    def keep_plan(self, plan: Plan) -> None:
        """Store the choices of cross-fitting."""
        if self.folder is not None:
            values = {"tda": asdict(plan.tda), "epochs": plan.epochs, "active": plan.active and sorted(plan.active)}
            write_atomically(self.folder / PLAN, json.dumps(values).encode())

    def restore_plan(self) -> Plan | None:
        """The choices of cross-fitting; None if they are not made."""
        if self.folder is None or not (self.folder / PLAN).exists():
            return None
        kept = json.loads((self.folder / PLAN).read_text())
        active = None if kept["active"] is None else frozenset(kept["active"])
        return Plan(Choice(**kept["tda"]), kept["epochs"], active)

    def _clear(self) -> None:
        assert self.folder is not None
        (self.folder / PLAN).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)


class PartStore:
    """The checkpoints of one training set, in a folder; None stores nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def restore(self, phase: str, network: Network) -> list[Epoch] | None:
        """Load the state after `phase` into `network` and return its curves; None if the phase is not finished."""
        if self.folder is None or not (weights := self.folder / f"{phase}.safetensors").exists():
            return None
        network.load_learned(load_file(weights))
        return [Epoch(**epoch) for epoch in json.loads((self.folder / f"{phase}.json").read_text())]

    def keep(self, phase: str, network: Network, history: list[Epoch]) -> None:
        """Store the state after `phase`; the weights are written last and mark the phase as finished."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        curves = json.dumps([asdict(epoch) for epoch in history])
        write_atomically(self.folder / f"{phase}.json", curves.encode())
        save_atomically(network, self.folder / f"{phase}.safetensors")

    def restore_part(self) -> TrainedPart | None:
        """The trained experts; None if they are not all trained."""
        if self.folder is None or not (weights := self.folder / f"{PART}.safetensors").exists():
            return None
        facts = json.loads((self.folder / f"{PART}.json").read_text())
        states: dict[str, dict[str, Tensor]] = {name: {} for name in facts["experts"]}
        by_expert: dict[str, Tensor] = {}
        for key, tensor in load_file(weights).items():
            kind, number, *rest = key.split(".", 2)
            name = facts["experts"][int(number)]
            if kind == HELD_OUT:
                by_expert[name] = tensor
            else:
                states[name][rest[0]] = tensor
        precedents = {words: [(a, b) for a, b in pairs] for words, pairs in facts["precedents"].items()}
        features = Features(facts["features"], Precedents(precedents))
        return TrainedPart(features, states, by_expert, tuple(Epoch(**epoch) for epoch in facts["curves"]))

    def keep_part(self, part: TrainedPart) -> None:
        """Store the trained experts; the weights are written last and mark them as finished."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        names = list(part.states)
        facts = {
            "experts": names,
            "features": part.features.names,
            "precedents": part.features.precedents.by_words,
            "curves": [asdict(epoch) for epoch in part.curves],
        }
        tensors = {f"{HELD_OUT}.{names.index(name)}": tensor for name, tensor in part.by_expert.items()}
        for number, name in enumerate(names):
            tensors |= {f"{STATE}.{number}.{key}": tensor for key, tensor in part.states[name].items()}
        write_atomically(self.folder / f"{PART}.json", json.dumps(facts).encode())
        write_atomically(self.folder / f"{PART}.safetensors", save(tensors))
