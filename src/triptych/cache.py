"""The cache: a content-addressed store of bytes in one SQLite file.

OCR texts and encoder features are costly and depend only on their input and the component that computed them. Their key
is a digest of both, so an entry never changes. An interrupted run finds its finished work here. Several processes may
write concurrently (write-ahead log). Values are compressed. The size of the file is limited; the least recently used
entries are deleted first. If the cache cannot be used, a warning is shown once and the run goes on without it.
"""

import hashlib
import os
import sqlite3
import threading
import time
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from triptych.cache_limits import Limits
from triptych.database import Connection, StoreError, connect
from triptych.errors import TriptychError, TriptychWarning

MARK = b"\x00z1\x00"  # prefix of compressed values; values of older versions are not compressed
REFRESH = 24  # h; the time of an entry's last use is updated at most this often
SPARE = 0.1  # share of the size limit that is freed at once
CHECKS = 50  # number of size checks per size limit written
HOUR = 3600  # s


def cache_dir() -> Path:
    """`$TRIPTYCH_CACHE`, or `triptych` in the user's cache folder."""
    if chosen := os.environ.get("TRIPTYCH_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "triptych"


def digest(*parts: str | bytes) -> str:
    """One key from several parts; the boundaries between parts matter."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()


def derived_seed(seed: int, *parts: str) -> int:
    """A separate seed for a part of a run, such as `warm-up`, so that parts draw independent random numbers."""
    return int(digest(str(seed), *parts)[:15], 16)


@dataclass(frozen=True)
class CacheInfo:
    """The state of a cache: entries, bytes of its file, and days since the least recent use of an entry."""

    entries: int
    size: int
    oldest: float


class Cache:
    """Bytes by key, in a SQLite file.

    Args:
        path: the file; None is `cache.sqlite` in the cache folder.
        limits: the limits of its size and age; None reads them from the environment.

    Raises:
        TriptychError: the file `path` cannot be opened. If the default file cannot be opened, nothing is cached, and a
            warning is shown once.
    """

    def __init__(self, path: Path | None = None, limits: Limits | None = None) -> None:
        self.limits = limits or Limits.from_environment()
        self.path = path or cache_dir() / "cache.sqlite"
        self._lock = threading.Lock()
        self._unchecked = self.limits.size  # bytes written since the last size check; this value forces a check
        self._connection: Connection | None = None
        if not self.limits.size:
            return
        try:
            self._connection = _open(self.path)
        except StoreError as error:
            if path is not None:
                raise
            self._give_up(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: str) -> bytes | None:
        """The value of `key`, or None."""
        with self._lock:
            try:
                return self._get(key) if self._connection else None
            except (StoreError, sqlite3.Error, zlib.error) as error:
                self._give_up(error)
                return None

    def put(self, key: str, value: bytes) -> None:
        """Store `value`; it survives a crash of this process."""
        with self._lock:
            if self._connection is None:
                return
            try:
                self._put(self._connection, key, MARK + zlib.compress(value, 1))
            except (StoreError, sqlite3.Error) as error:
                self._give_up(error)

    def info(self) -> CacheInfo:
        """The state of the cache.

        Raises:
            TriptychError: it cannot be read.
        """
        entries, oldest = self._opened().execute("SELECT count(*), min(hour) FROM used").fetchone()
        age = 0.0 if oldest is None else max(_hour() - oldest, 0) * HOUR / 86400
        return CacheInfo(entries, _size(self._opened()), age)

    def prune(self, limits: Limits) -> int:
        """Delete entries beyond `limits`, the least recently used first, and return their number.

        Raises:
            TriptychError: it cannot be written.
        """
        with self._lock:
            connection = self._opened()
            deleted = _prune(connection, limits)
            if deleted and not connection.execute("PRAGMA auto_vacuum").fetchone()[0]:  # a file of an older version
                connection.execute("VACUUM")
            return deleted

    def clear(self) -> int:
        """Delete all entries, free their space, and return their number.

        Raises:
            TriptychError: it cannot be written.
        """
        with self._lock:
            connection = self._opened()
            (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
            for table in ("entry", "used"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  (two fixed names)
            connection.execute("VACUUM")
            return int(entries)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _get(self, key: str) -> bytes | None:
        connection = self._opened()
        row = connection.execute(
            "SELECT value, hour FROM entry LEFT JOIN used USING (key) WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        value, hour = row
        if hour is not None and hour < _hour() - REFRESH:
            connection.execute("UPDATE used SET hour = ? WHERE key = ?", (_hour(), key))
        return zlib.decompress(value[len(MARK) :]) if value.startswith(MARK) else value

    def _put(self, connection: Connection, key: str, value: bytes) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute("INSERT OR IGNORE INTO entry VALUES (?, ?)", (key, value))
            connection.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (key, _hour(), len(value)))
            connection.execute("COMMIT")
        except StoreError:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        self._unchecked += len(value)
        if self._unchecked > self.limits.size / CHECKS:
            self._unchecked = 0
            _prune(connection, self.limits)

    def _opened(self) -> Connection:
        if self._connection is None:
            raise TriptychError(f"{self.path}: the cache is not open; set TRIPTYCH_CACHE to a folder you can write")
        return self._connection

    def _give_up(self, error: Exception) -> None:
        """Continue without a cache, with a warning."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        text = str(error) if isinstance(error, StoreError) else f"{self.path}: {error}"
        warnings.warn(f"{text}. Going on without a cache: nothing is lost but time", TriptychWarning, stacklevel=3)


def _open(path: Path) -> Connection:
    """The database with its tables; entries of older versions count as used now."""
    connection = connect(path)
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'used'").fetchone():
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY, hour INTEGER, size INTEGER)")
            connection.execute("INSERT OR IGNORE INTO used SELECT key, ?, length(value) FROM entry", (_hour(),))
            connection.execute("COMMIT")
    except StoreError:
        connection.close()
        raise
    return connection


def _hour() -> int:
    """The current time, in hours since 1970."""
    return int(time.time() // HOUR)


def _size(connection: Connection) -> int:
    """The used bytes of the file."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _prune(connection: Connection, limits: Limits) -> int:
    """Delete entries that are too old, then the least recently used until the size fits; return their number."""
    oldest = _hour() - int(limits.days * 24)
    old = connection.execute("SELECT key FROM used WHERE hour < ?", (oldest,)).fetchall()
    deleted, room = _delete(connection, [key for (key,) in old]), limits.size
    while (size := _size(connection)) > room:
        room = int(limits.size * (1 - SPARE))
        if not (keys := _least_used(connection, size - room)):
            break
        deleted += _delete(connection, keys)
    return deleted


def _least_used(connection: Connection, size: int) -> list[str]:
    """The least recently used entries with at least `size` bytes in total."""
    keys = []
    for key, its_size in connection.execute("SELECT key, size FROM used ORDER BY hour, rowid"):
        if size <= 0:
            break
        keys.append(key)
        size -= its_size
    return keys


def _delete(connection: Connection, keys: list[str]) -> int:
    """Delete entries, and free their space."""
    if not keys:
        return 0
    connection.execute("BEGIN IMMEDIATE")
    try:
        for key in keys:
            connection.execute("DELETE FROM entry WHERE key = ?", (key,))
            connection.execute("DELETE FROM used WHERE key = ?", (key,))
        connection.execute("COMMIT")
    except StoreError:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA incremental_vacuum").fetchall()
    return len(keys)
