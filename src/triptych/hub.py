"""Locates pretrained models: in a local folder, or on a model hub, downloaded once to the hub's cache.

A name that is an existing folder means this folder. Any other name is a hub id such as `microsoft/resnet-50`, which is
looked up in the cache first and downloaded only if it is not there. Only safetensors weights are used, because other
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
    """`source`, if it is not empty.

    Args:
        source: the part after `transformers:` in the configuration.
        setting: its key.
        example: a hub id, for the message.

    Raises:
        TriptychError: `source` is empty.
    """
    if not source:
        raise TriptychError(f"{setting}: which model? Give a hub id or a folder: {setting}=transformers:{example}")
    return source


def transformers_library() -> Any:
    """The library `transformers`, without log output, even if an installed torchvision does not match torch."""
    complete_torchvision()
    import transformers

    transformers.logging.disable_progress_bar()
    return transformers


def hub_server(source: str) -> str | None:
    """The URL of the hub that has the model `source`; None if it is on this machine or cannot be a hub id."""
    if not source or Path(source).expanduser().is_dir() or _is_path(source) or _cached(source):
        return None
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _is_path(source: str) -> bool:
    """Whether `source` has the form of a path, and so is not a hub id."""
    return source.startswith((".", "~", "/", "\\")) or Path(source).is_absolute() or source.count("/") > 1


def _cached(source: str) -> bool:
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(source, allow_patterns=list(FILES), local_files_only=True)
    except Exception:  # the hub's client raises many types
        return False
    return True


def pretrained_folder(source: str, setting: str) -> Path:
    """The folder that holds the model `source`.

    Args:
        source: a folder, or a hub id.
        setting: the key in the configuration, for the message.

    Raises:
        TriptychError: the folder does not exist, and the id is neither in the cache nor available from the hub.
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
        except Exception as error:  # including errors of the HTTP library
            reason = error
    raise TriptychError(
        f"{setting}: {source!r} is not a folder here, is not in the cache {constants.HF_HUB_CACHE}, and could not be "
        f"downloaded ({_first_line(reason)}). Either give the path of a folder that holds the model "
        f"({setting}=transformers:/path/to/model), or use the embedded preset, which needs no download"
    ) from None


def model_identity(source: str, folder: Path) -> str:
    """An id of a model that includes a digest of its folder, so that other weights have another id."""
    files = sorted({path for pattern in FILES for path in folder.rglob(pattern)})
    return f"transformers:{source}-{digest(*(part for path in files for part in (path.name, file_digest(path))))[:16]}"


def unusable(setting: str, source: str, wanted: str, error: Exception) -> TriptychError:
    """The error to raise if `source` is not a model of the kind `wanted`."""
    reason = " ".join(str(error).split())[:200]
    return TriptychError(f"{setting}: {source} cannot be used ({reason}); {wanted} with safetensors weights is needed")


def file_digest(path: Path) -> str:
    """A digest of a file's contents; files of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]
