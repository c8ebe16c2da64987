"""Allows one training at a time in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from triptych.errors import TriptychError

LOCK = ".lock"  # file in the folder; the operating system releases its lock when the process ends, even in a crash


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Lock `folder` against other trainings; it is created if it does not exist.

    On a file system without locks, other trainings are not prevented.

    Raises:
        TriptychError: another process or thread holds the lock, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LOCK).touch()
    except OSError as error:
        raise TriptychError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from None
    lock = FileLock(folder / LOCK, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise TriptychError(
            f"{folder}: another training is running into this folder; wait until it is done, or choose another folder"
        ) from None
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            (folder / LOCK).unlink(missing_ok=True)
        lock.release()
