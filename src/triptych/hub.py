"""Where pretrained models come from: a local folder, or a model hub's id, fetched once and kept in the hub's cache.

A name that is a folder is that folder. Any other name is a hub id such as `microsoft/resnet-50`; it is looked up in the
cache first, and only an id that is not there is asked for on the network. Weights are taken as safetensors alone: other
formats may run code when they are loaded.
"""

from pathlib import Path

from triptych.errors import TriptychError

FILES = ("*.json", "*.txt", "*.model", "*.jinja", "*.safetensors")


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


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]
