"""Connections to SQLite files that several processes may write, with errors written for the user."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from triptych.errors import TriptychError

WAL_ATTEMPTS = 200  # 10 s in total
WAIT = 60  # s to wait for another process to finish writing


class StoreError(TriptychError):
    """A SQLite file cannot be read or written."""


class Connection(sqlite3.Connection):
    """A connection whose errors name the file, the reason and a remedy."""

    path = Path()

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """As `sqlite3.Connection.execute`.

        Raises:
            StoreError: instead of any `sqlite3.Error`.
        """
        try:
            return super().execute(*arguments)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}; {_remedy(str(error))}") from None


def connect(path: Path) -> Connection:
    """Open the SQLite file `path` for several writing processes, creating its folder. Any thread may use it.

    Raises:
        StoreError: the file cannot be written, or is not a database.
    """
    connection = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=WAIT, isolation_level=None, check_same_thread=False, factory=Connection
        )
        connection.path = path
        sqlite3.Connection.execute(connection, "PRAGMA auto_vacuum=INCREMENTAL")  # must precede the first table
        _use_write_ahead_log(connection)
        sqlite3.Connection.execute(connection, "PRAGMA synchronous=NORMAL")
        if not os.access(path, os.W_OK):
            raise PermissionError(None, "it cannot be written")
    except (OSError, sqlite3.Error) as error:
        if connection is not None:
            connection.close()
        reason = error.strerror if isinstance(error, OSError) else error
        remedy = "delete it, or set TRIPTYCH_CACHE to a folder you can write"
        raise StoreError(f"{path}: cannot be opened as a store ({reason}); {remedy}") from None
    return connection


def _use_write_ahead_log(connection: Connection) -> None:
    """Switch the log on, with retries: SQLite fails at once if several processes open a new file."""
    for attempts_left in reversed(range(WAL_ATTEMPTS)):
        try:
            sqlite3.Connection.execute(connection, "PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not attempts_left:
                raise
            time.sleep(0.05)
        else:
            return


def _remedy(reason: str) -> str:
    if "full" in reason or "disk I/O" in reason:
        return "make room on the disk, or set TRIPTYCH_CACHE to a folder on another one"
    if "locked" in reason or "busy" in reason:
        return "another process holds it: end that, or set TRIPTYCH_CACHE to another folder"
    if "readonly" in reason or "read-only" in reason or "unable to open" in reason:
        return "set TRIPTYCH_CACHE to a folder you can write"
    return "move it away, or set TRIPTYCH_CACHE to another folder"
