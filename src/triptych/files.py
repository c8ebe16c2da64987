"""Atomic writing of files: a full disk or a killed process never leaves a partial file or damages an existing one."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triptych.errors import TriptychError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file that is renamed to `path` when the block ends without an error.

    It is in the folder of `path` (if `path` is a link, in that of its target) and has the same suffix.

    Raises:
        TriptychError: an OSError occurred inside the block; the file at `path` is unchanged.
    """
    part = None
    try:
        target = path.resolve()
        part = target.with_name(f".triptych-{secrets.token_hex(4)}{target.suffix[:16]}")
        yield part
        part.replace(target)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file completely or not at all.

    Raises:
        TriptychError: the file cannot be written.
    """
    with whole_file(path) as part:
        part.write_bytes(data)


def unwritable(path: Path, error: OSError, what: str = "") -> TriptychError:
    """The error to raise if `path`, the file for `what`, cannot be written, with the reason and a remedy."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    remedy = "make room on the disk, or choose another place" if error.errno in _FULL else "choose another place"
    return TriptychError(f"{path}: {what}{' ' if what else ''}cannot be written ({reason}); {remedy}")
