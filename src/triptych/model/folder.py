"""A trained model, and the folder in which it is stored.

    config.yaml           the whole configuration
    weights.safetensors   the learned state of the experts
    labels.json           the folder's format; the classes, in the order of the probabilities, the number of training
                          records of each, and the normal class; the type of the labels
    experts.json          the weights of the pool, and the readings features and precedents of each part's experts
    readings.json         what preparation learned: table layouts, the examples in the LLM's prompt, the scale of pixel
                          values, what a record is expected to have, the defect book, and the identities of components
    reference.safetensors what is stored about each training record: its label, numbers, embedding, and out-of-fold
                          probabilities
    layouts/              the layouts that were given for reading, if any: a YAML file and a picture of each
    metrics.json          training curves, out-of-fold probabilities and facts of the run
    README.md             the model card

Nothing is pickled: loading a model runs no code from its folder.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from triptych import __version__
from triptych.cache import digest
from triptych.config import Config, load_config
from triptych.errors import TriptychError
from triptych.files import unwritable, write_atomically
from triptych.hub import file_digest
from triptych.model.card import CARD_TITLE, model_card
from triptych.model.checks import check_classes, check_weights
from triptych.model.expert_files import ensemble_from_files, ensemble_to_files
from triptych.model.given_layouts import layout_files, load_layouts, save_layouts, with_layouts
from triptych.model.label_types import labels_of
from triptych.model.model import Model
from triptych.model.reference import REFERENCE, Reference, load_reference
from triptych.network.compute import choose_device
from triptych.outputs import Recognise, foreign_files, json_with, recognised, starting_with
from triptych.paths import StrPath, as_path
from triptych.preparation.state import PreparerState
from triptych.reading.layout_file import load_layout_files
from triptych.trust import check_servers

CONFIG, LABELS, READINGS, METRICS, CARD = "config.yaml", "labels.json", "readings.json", "metrics.json", "README.md"
EXPERTS = "experts.json"
WEIGHTS = "weights.safetensors"
FILES = (CONFIG, LABELS, EXPERTS, READINGS, REFERENCE, METRICS, CARD, WEIGHTS)
FORMAT = 3  # version of the folder's format; 1 had no defect book, 2 had no experts

# The errors that damaged files cause in the parsers and in the classes that are built from them.
DAMAGES = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, ArithmeticError, MemoryError),
    *(SafetensorError, ValidationError),
)


def save_model(model: Model, folder: StrPath) -> None:
    """Write the model's folder; the weights are written last.

    Raises:
        TriptychError: the folder cannot be written, or holds files of these names that are not a model's.
    """
    folder = as_path(folder)
    check_place(folder)
    labels = {"format": FORMAT, "classes": model.classes, "counts": model.counts, "normal": model.normal}
    labels["dtype"] = model.label_dtype
    experts, weights = ensemble_to_files(model.ensemble)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / CONFIG, _portable(model.config).to_yaml().encode())
        write_atomically(folder / LABELS, _json(labels))
        write_atomically(folder / EXPERTS, _json(experts))
        save_layouts(model.state.given or (), folder)
        write_atomically(folder / READINGS, _json(model.state.to_json()))
        _save_reference(model.reference, folder)
        write_atomically(folder / METRICS, _json(model.metrics))
        write_atomically(folder / CARD, model_card(model.config, model.classes, model.metrics, model.promises).encode())
        write_atomically(folder / WEIGHTS, save(weights))
    except OSError as error:
        raise unwritable(folder, error) from None


def model_mark(folder: StrPath) -> str:
    """A digest that identifies the model in `folder`, of all files that its predictions depend on.

    Raises:
        TriptychError: a file cannot be read.
    """
    folder = as_path(folder)
    names = [*(name for name in FILES if name not in (METRICS, CARD)), *layout_files(folder)]
    files = [folder / name for name in names if (folder / name).is_file()]
    try:
        return digest(*(part for file in files for part in (file.name, file_digest(file))))
    except OSError as error:
        raise TriptychError(f"{folder}: the model cannot be read ({error.strerror}); restore its folder") from None


def load_model(
    folder: StrPath, device: str | None = None, allow_servers: Iterable[str] = (), layouts: Iterable[StrPath] = ()
) -> Model:
    """Read a model's folder.

    Args:
        folder: the model's folder.
        device: the device of the network, as `compute.device`; None is `auto`.
        allow_servers: URLs of servers that the model may talk to, besides those that were named on this machine.
        layouts: layout files, or folders of them, for reading; one replaces the model's own of the same name.

    Raises:
        TriptychError: there is no model; it is incomplete, damaged or of another format; the device does not exist; a
            server was not named; or a layout file cannot be read.
    """
    folder = as_path(folder)
    further = load_layout_files(layouts)
    if not (folder / WEIGHTS).is_file():
        raise TriptychError(
            f"{folder}: no trained model there ({WEIGHTS} is missing); train one: triptych train DATA -o {folder}"
        )
    made = 1
    try:
        labels, metrics = (json.loads((folder / name).read_text()) for name in (LABELS, METRICS))
        made = _format(labels, metrics, folder)
        experts, readings = (json.loads((folder / name).read_text()) for name in (EXPERTS, READINGS))
        config = _config(folder).changed(f"compute.device={json.dumps(device or 'auto')}")
        check_servers(config, folder, allow_servers)
        choose_device(config)  # raises if the device does not exist, even if no expert uses it
        labels_of(labels["classes"], dtype := labels.get("dtype", "str"))  # raises if they do not fit together
        check_classes(labels["classes"], labels["counts"], labels["normal"])
        weights = check_weights(load_file(folder / WEIGHTS))
        return Model(
            config=config,
            classes=labels["classes"],
            counts=labels["counts"],
            normal=labels["normal"],
            ensemble=ensemble_from_files(experts, weights, config, len(labels["classes"])),
            state=PreparerState.from_json(readings, with_layouts(load_layouts(folder), further)),
            metrics=metrics,
            label_dtype=dtype,
            reference=load_reference(folder / REFERENCE, len(labels["classes"])),
        )
    except DAMAGES as error:
        reason = " ".join(str(error).split())[:200]
        old = f", or was made by an older Triptych (format {made}; this one writes {FORMAT})" if made < FORMAT else ""
        raise TriptychError(
            f"{folder}: the model is damaged ({reason}){old}; train it again or restore its folder"
        ) from None


def change_settings(folder: StrPath, settings: Sequence[str]) -> None:
    """Change settings of `decision` of the model in `folder`, such as `decision.max_escape=0.01`, and its card.

    Raises:
        TriptychError: there is no model, a setting is not valid, or the folder cannot be written.
    """
    folder = as_path(folder)
    model = load_model(folder).with_settings(settings)
    try:
        write_atomically(folder / CONFIG, _portable(model.config).to_yaml().encode())
        write_atomically(folder / CARD, model_card(model.config, model.classes, model.metrics, model.promises).encode())
    except OSError as error:
        raise unwritable(folder, error) from None


def _save_reference(reference: Reference | None, folder: Path) -> None:
    if reference is None:
        (folder / REFERENCE).unlink(missing_ok=True)
    else:
        write_atomically(folder / REFERENCE, reference.to_bytes())


def check_place(folder: Path) -> None:
    """Check that a model may be written to `folder`: existing files with a model's file names must be a model's.

    Raises:
        TriptychError: they are not.
    """
    if foreign := foreign_files(folder, _OURS):
        raise TriptychError(
            f"{folder}: holds {', '.join(foreign)}, which Triptych did not write and does not overwrite; "
            "choose another folder for the model"
        )


def _format(labels: Any, metrics: Any, folder: Path) -> int:
    """The format of the folder.

    Raises:
        TriptychError: it is newer than FORMAT.
    """
    made = int(labels.get("format", 1))
    if made > FORMAT:
        raise TriptychError(
            f"{folder}: made by a newer Triptych ({metrics.get('version', 'unknown')}, format {made}); this one "
            f"({__version__}) reads formats up to {FORMAT}: pip install -U triptych"
        )
    return made


def _config(folder: Path) -> Config:
    """The configuration of a model.

    Raises:
        TriptychError: it cannot be read, or has settings that this version does not know.
    """
    try:
        return load_config(folder / CONFIG)
    except TriptychError as error:
        raise TriptychError(
            f"{error}. Another version of Triptych may have written it: use that one, or train the model again"
        ) from None


def _portable(config: Config) -> Config:
    """`config` for the model's folder: without a device, and with absolute paths."""
    settings: dict[str, str | list[str]] = {
        f"{section}.{key}": _absolute(getattr(getattr(config, section), key))
        for section, key in (("answers", "vlm"), ("answers", "llm"), ("encoders", "image"), ("encoders", "text"))
    }
    if config.answers.book is not None:
        settings["answers.book"] = str(config.answers.book.expanduser().absolute())
    for key in ("words", "layouts"):
        paths = getattr(config.reading, key)
        settings[f"reading.{key}"] = [str(path.expanduser().absolute()) for path in paths]
    changes = [f"{setting}={json.dumps(value)}" for setting, value in settings.items()]
    return config.changed("compute.device=auto", *changes)


def _absolute(specification: str) -> str:
    """A specification such as `gguf:some/file` with an absolute path, if the file or folder exists."""
    name, _, argument = specification.partition(":")
    if name not in ("gguf", "local", "transformers") or specification in ("gguf:smollm2", "local:vlm", "local:llm"):
        return specification
    parts = argument.split("+") if name == "gguf" else [argument]
    found = [Path(part).expanduser() for part in parts]
    if not argument or not all(path.exists() for path in found):
        return specification
    return f"{name}:{'+'.join(str(path.absolute()) for path in found)}"


def _is_config(path: Path) -> bool:
    return {"answers", "encoders", "fusion"} <= set(yaml.safe_load(path.read_text(encoding="utf-8")))


_is_labels = json_with("classes", "normal")
_OURS: dict[str, Recognise] = {
    CONFIG: _is_config,
    LABELS: _is_labels,
    EXPERTS: json_with("weights", "parts"),
    READINGS: json_with("layouts", "components"),
    METRICS: json_with("records", "version"),
    CARD: starting_with(CARD_TITLE.encode()),
    REFERENCE: lambda path: recognised(path.parent / LABELS, _is_labels),
    WEIGHTS: lambda path: recognised(path.parent / LABELS, _is_labels),
}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()
