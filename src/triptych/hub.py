"""Where pretrained models come from: a local folder, or a model hub's id, fetched once and kept in the hub's cache.

A name that is a folder is that folder. Any other name is a hub id such as `microsoft/resnet-50`; it is looked up in the
cache first, and only an id that is not there is asked for on the network. Weights are taken as safetensors alone: other
formats may run code when they are loaded.
"""

import hashlib
from pathlib import Path
from typing import Any

from triptych.cache import digest
from triptych.errors import TriptychError
from triptych.torchvision_ops import complete_torchvision

FILES = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors")


def checked_source(source: str, setting: str, example: str) -> str:
    """`source`, if there is one.

    Args:
        source: what follows `transformers:` in the configuration.
        setting: its key.
        example: a hub id, for the message.

    Raises:
        TriptychError: it is empty.
    """
    if not source:
        raise TriptychError(f"{setting}: which model? Give a hub id or a folder: {setting}=transformers:{example}")
    return source


def transformers_library() -> Any:
    """The library `transformers`, quiet, also where an installed torchvision does not fit torch."""
    complete_torchvision()
    import transformers

    transformers.logging.disable_progress_bar()
    return transformers


def hub_server(source: str) -> str | None:
    """The hub that the model `source` would be fetched from; None where it is on this machine or can be no hub id."""
    if not source or Path(source).expanduser().is_dir() or _is_path(source) or _cached(source):
        return None
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _is_path(source: str) -> bool:
    """Whether `source` is written as a path, which no hub id is."""
    return source.startswith((".", "~", "/", "\\")) or Path(source).is_absolute() or source.count("/") > 1


def _cached(source: str) -> bool:
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(source, allow_patterns=list(FILES), local_files_only=True)
    except Exception:  # the hub's client has many kinds of not finding one
        return False
    return True


def pretrained_folder(source: str, setting: str) -> Path:
    """The folder that holds the model `source`.

    Args:
        source: a folder, or a hub id.
        setting: the key of the configuration that asked for it, for the message.

    Raises:
        TriptychError: no such folder, and the id is neither in the cache nor to be had from the hub.
    """
    if (folder := Path(source).expanduser()).is_dir():
        return folder
    if _is_path(source):
        raise TriptychError(
            f"{setting}: there is no folder {source}; if it was moved, put it back, or change the path in config.yaml"
        )
    from huggingface_hub import constants, snapshot_download

    for cached_only in (True, False):
        try:
            return Path(snapshot_download(source, allow_patterns=list(FILES), local_files_only=cached_only))
        except Exception as error:  # the hub's client lets errors of its HTTP library through
            reason = error
    raise TriptychError(
        f"{setting}: {source!r} is no folder here, is not in the cache {constants.HF_HUB_CACHE}, and could not be "
        f"downloaded ({_first_line(reason)}). Either give the path of a folder that holds the model "
        f"({setting}=transformers:/path/to/model), or use the embedded preset, which needs no download"
    ) from None


def model_identity(source: str, folder: Path) -> str:
    """Names a model by all that its folder says and weighs, so that other weights are another model."""
    files = sorted({path for pattern in FILES for path in folder.rglob(pattern)})
    return f"transformers:{source}-{digest(*(part for path in files for part in (path.name, file_digest(path))))[:16]}"


def unusable(setting: str, source: str, wanted: str, error: Exception) -> TriptychError:
    """What to raise where `source` turns out not to be a model of the kind `wanted`."""
    reason = " ".join(str(error).split())[:200]
    return TriptychError(f"{setting}: {source} cannot be used ({reason}); {wanted} with safetensors weights is needed")


def file_digest(path: Path) -> str:
    """Names a file by its contents, however large it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]
