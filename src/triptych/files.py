"""Files that are whole or not there: a full disk or a killed process never leaves half a file in a good one's place."""

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
    """A place to write to, which takes the name `path` when the block ends without an error.

    It lies in the folder of `path` (of the file itself, where `path` is a link) and has its suffix.

    Raises:
        TriptychError: an OSError inside the block, in words; what was at `path` stays as it was.
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
    """Write a file that is either whole or not there.

    Raises:
        TriptychError: it cannot be written.
    """
    with whole_file(path) as part:
        part.write_bytes(data)


def unwritable(path: Path, error: OSError, what: str = "") -> TriptychError:
    """What to raise where `path`, which is to hold `what`, cannot be written: the reason and the way out."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    way_out = "make room on the disk, or choose another place" if error.errno in _FULL else "choose another place"
    return TriptychError(f"{path}: {what}{' ' if what else ''}cannot be written ({reason}); {way_out}")
