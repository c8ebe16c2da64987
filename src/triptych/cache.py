"""Work done once: a content-addressed store of bytes in one SQLite file.

OCR texts and encoder features are costly and depend on nothing but their input and the component that made them, so
their key is a digest of both and an entry never changes. A run that was killed finds here all that it had finished.
Several processes may write at once (write-ahead log). Delete the folder whenever you like: it only costs time.
"""

import hashlib
import os
import sqlite3
import time
from pathlib import Path

from triptych.errors import TriptychError

WAL_ATTEMPTS = 200  # 10 s in all


def cache_dir() -> Path:
    """`$TRIPTYCH_CACHE`, or `triptych` in the user's cache folder."""
    if chosen := os.environ.get("TRIPTYCH_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "triptych"


def connect(path: Path) -> sqlite3.Connection:
    """Open the SQLite file `path` for several writing processes, creating its folder.

    Raises:
        TriptychError: the place cannot be written, or the file is no database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
    except (OSError, sqlite3.Error) as error:
        raise TriptychError(
            f"{path}: cannot be opened as a store ({error}); delete it, or set TRIPTYCH_CACHE to a folder you can write"
        ) from None
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the log on; where several processes open a new file at once, SQLite does not wait its turn."""
    for attempts_left in reversed(range(WAL_ATTEMPTS)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not attempts_left:
                raise
            time.sleep(0.05)
        else:
            return


def digest(*parts: str | bytes) -> str:
    """One key from several parts; a part never runs into the next."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()


def derived_seed(seed: int, *parts: str) -> int:
    """A seed of its own for each part of a run, such as `warm-up`, so that parts draw independently of one another."""
    return int(digest(str(seed), *parts)[:15], 16)


class Cache:
    """Bytes by key, in the SQLite file `path` (by default `cache.sqlite` in the cache folder)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_dir() / "cache.sqlite"
        self._connection = connect(self.path)
        self._connection.execute("CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")

    def get(self, key: str) -> bytes | None:
        """What was kept under `key`, or None."""
        row = self._connection.execute("SELECT value FROM entry WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def put(self, key: str, value: bytes) -> None:
        """Keep `value`; it is on disk when this returns."""
        self._connection.execute("INSERT OR IGNORE INTO entry VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
