"""What all workers of a test run share: folders that are made once, and the cache of OCR texts and features."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from triptych.cache import Cache

CACHE = "cache.sqlite"


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of the whole run; a worker of pytest-xdist has its own one below it."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, which `make` has filled in the first worker that asked for it; not to be changed."""
    folder = shared_folder(factory) / "made-once" / name
    folder.parent.mkdir(exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            make(partial := folder.with_suffix(".partial"))
            partial.rename(folder)
    return folder


def link_cache(folder: Path, cache: Path) -> Path:
    """Make `folder` a cache folder with the cache of `cache`, but without its answers.

    An entry depends only on its key, so a test that needs answers of its own need not read and encode pictures again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    Cache(cache / CACHE).close()  # makes the file
    (folder / CACHE).symlink_to((cache / CACHE).resolve())
    return folder
