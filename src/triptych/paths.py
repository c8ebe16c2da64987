"""Converts paths that callers give as text or path objects."""

import os
from pathlib import Path

from triptych.errors import InputError

StrPath = str | os.PathLike[str]


def as_path(path: StrPath) -> Path:
    """`path` as a `Path`; a leading `~/` is the user's home folder.

    Raises:
        InputError: `path` is empty or not a path.
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(text := os.fspath(path), str):
        raise InputError(f"a path is text or a pathlib.Path; found {path!r} of type {type(path).__name__}")
    if not text:
        raise InputError("a path is empty; give a file or folder")
    if "\0" in text:
        raise InputError(f"{text!r}: a path cannot hold a null character; check the path")
    return Path(os.path.expanduser(text)) if text == "~" or text.startswith("~/") else Path(text)  # noqa: PTH111
