"""A trained model and the folder it lives in.

    config.yaml           the whole configuration
    weights.safetensors   the network
    labels.json           the classes, in the order of the probabilities, and the normal one
    readings.json         the features of the readings branch, with the precedents it knows, the table layouts that were
                          learned, and the training records that the LLM's prompt shows as examples
    metrics.json          training curves and facts of the run
    README.md             the model card

Nothing in it is pickled: loading a model runs no code of the model's.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file

from triptych.cache import digest
from triptych.config import Config, load_config
from triptych.encoders.chosen import open_encoders
from triptych.encoders.features import Features
from triptych.encoders.precedents import Precedents
from triptych.errors import TriptychError
from triptych.files import unwritable, write_atomically
from triptych.hub import file_digest
from triptych.paths import StrPath, as_path
from triptych.records import Decoder
from triptych.training.card import model_card
from triptych.training.checkpoints import save_atomically
from triptych.training.compute import choose_device
from triptych.training.network import Network, Sizes
from triptych.training.preparer_state import PreparerState
from triptych.training.targets import labels_of

CONFIG, LABELS, READINGS, METRICS, CARD = "config.yaml", "labels.json", "readings.json", "metrics.json", "README.md"
WEIGHTS = "weights.safetensors"
FILES = (CONFIG, LABELS, READINGS, METRICS, CARD, WEIGHTS)


@dataclass(frozen=True)
class Model:
    """All that prediction needs.

    Attributes:
        config: the configuration it was trained with.
        classes: the labels, in the order of the probabilities.
        normal: the class of good records, if there is one.
        sizes: the network's sizes.
        features: what the readings branch sees of a record.
        state: what preparation learned from the training records.
        network: the trained network.
        metrics: facts of the run and training curves.
        label_dtype: the type of the labels that it was trained with, as `triptych.training.targets.dtype_name` says.
    """

    config: Config
    classes: list[str]
    normal: str | None
    sizes: Sizes
    features: Features
    state: PreparerState
    network: Network = field(repr=False)
    metrics: dict[str, Any] = field(default_factory=dict, repr=False)
    label_dtype: str = "str"

    @property
    def decoder(self) -> Decoder:
        """What decodes pictures as in training."""
        return Decoder(self.config.reading, self.state.depth)


def save_model(model: Model, folder: StrPath) -> None:
    """Write the model's folder; its weights come last.

    Raises:
        TriptychError: the folder cannot be written.
    """
    folder = as_path(folder)
    labels = {"classes": model.classes, "normal": model.normal, "dtype": model.label_dtype}
    readings = {
        "features": model.features.names,
        "precedents": model.features.precedents.by_words,
        "sizes": asdict(model.sizes),
        **model.state.to_json(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / CONFIG, model.config.to_yaml().encode())
        write_atomically(folder / LABELS, _json(labels))
        write_atomically(folder / READINGS, _json(readings))
        write_atomically(folder / METRICS, _json(model.metrics))
        write_atomically(folder / CARD, model_card(model.config, model.classes, model.metrics).encode())
        save_atomically(model.network, folder / WEIGHTS)
    except OSError as error:
        raise unwritable(folder, error) from None


def model_mark(folder: StrPath) -> str:
    """Names the model in `folder` by all that its predictions depend on.

    Raises:
        TriptychError: a file of it cannot be read.
    """
    folder = as_path(folder)
    files = [folder / name for name in FILES if name not in (METRICS, CARD) and (folder / name).is_file()]
    try:
        return digest(*(part for file in files for part in (file.name, file_digest(file))))
    except OSError as error:
        raise TriptychError(f"{folder}: the model cannot be read ({error.strerror}); restore its folder") from None


def load_model(folder: StrPath) -> Model:
    """Read a model's folder.

    Raises:
        TriptychError: no model there, or one that is incomplete or damaged.
    """
    folder = as_path(folder)
    if not (folder / WEIGHTS).is_file():
        raise TriptychError(
            f"{folder}: no trained model there ({WEIGHTS} is missing); train one: triptych train DATA -o {folder}"
        )
    try:
        labels, readings, metrics = (json.loads((folder / name).read_text()) for name in (LABELS, READINGS, METRICS))
        config, sizes = load_config(folder / CONFIG), Sizes(**readings["sizes"])
        labels_of(labels["classes"], dtype := labels.get("dtype", "str"))  # they must fit together
        network = Network(config, sizes, open_encoders(config.encoders))
        network.load_learned(load_file(folder / WEIGHTS))
        return Model(
            config=config,
            classes=labels["classes"],
            normal=labels["normal"],
            sizes=sizes,
            features=Features(readings["features"], Precedents(readings.get("precedents", {}))),
            state=PreparerState.from_json(readings),
            network=network.eval().to(choose_device(config)),
            metrics=metrics,
            label_dtype=dtype,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError, ValidationError) as error:
        reason = " ".join(str(error).split())[:200]
        raise TriptychError(
            f"{folder}: the model is damaged ({reason}); train it again or restore its folder"
        ) from None


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()
