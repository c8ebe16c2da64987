"""One training at a time in a folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from triptych.errors import TriptychError

LOCK = ".lock"  # in the folder; the system's lock on it ends with its process, however that ends


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Keep other trainings out of `folder`, which is made where it is not there.

    Where the file system knows no locks, nothing is kept out.

    Raises:
        TriptychError: another process or thread is in it, or the folder cannot be written.
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
