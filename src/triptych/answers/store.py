"""The answer store: all answers, kept in SQLite under the key of their request.

The same provider, prompt, way and input are never asked twice. An answer is written as soon as it is given, so after an
interruption only missing answers are requested. A request whose last attempt failed is listed with its error until it
is answered. Several processes may write concurrently.
"""

import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.answers.provider import Reply
from triptych.cache import cache_dir, digest
from triptych.database import StoreError, connect

# The changes of the schema, in order; a store records how many have been applied.
MIGRATIONS = (
    """
    CREATE TABLE IF NOT EXISTS answer (
        key TEXT PRIMARY KEY,       -- digest of kind, provider, prompt, image and way
        kind TEXT NOT NULL,         -- vlm or llm
        provider TEXT NOT NULL,
        prompt TEXT NOT NULL,
        image TEXT NOT NULL,        -- digest of the picture, empty when none was shown
        text TEXT NOT NULL,
        seconds REAL NOT NULL,
        created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    ) WITHOUT ROWID
    """,
    "ALTER TABLE answer ADD COLUMN tokens_in INTEGER",
    "ALTER TABLE answer ADD COLUMN tokens_out INTEGER",
    """
    CREATE TABLE IF NOT EXISTS failure (
        key TEXT PRIMARY KEY,       -- as in answer
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        prompt TEXT NOT NULL,
        image TEXT NOT NULL,
        error TEXT NOT NULL,        -- of the last try
        seconds REAL NOT NULL,      -- likewise
        tries INTEGER NOT NULL,
        created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    ) WITHOUT ROWID
    """,
    "ALTER TABLE answer ADD COLUMN way TEXT NOT NULL DEFAULT 'generate'",
    "ALTER TABLE answer ADD COLUMN probabilities TEXT",  # JSON: class -> probability
    "ALTER TABLE answer ADD COLUMN cost REAL",  # USD
    "ALTER TABLE failure ADD COLUMN way TEXT NOT NULL DEFAULT 'generate'",
    "ALTER TABLE answer ADD COLUMN used TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE failure ADD COLUMN used TEXT NOT NULL DEFAULT ''",
)
COLUMNS = (
    *("kind", "provider", "prompt", "image", "way", "used"),
    *("text", "error", "seconds", "tokens_in", "tokens_out", "probabilities", "cost", "tries", "created"),
)
_OF_A_FAILURE = {"text": "''", **dict.fromkeys(("tokens_in", "tokens_out", "probabilities", "cost"), "NULL")}
_OF_AN_ANSWER = {"error": "''", "tries": "0"}


@dataclass(frozen=True)
class Request:
    """Identifies an answer: the question, and the provider that was asked.

    Attributes:
        kind: `vlm` or `llm`.
        provider: id of the provider: its model and how answers are generated.
        prompt: the whole question.
        image: digest of the picture, or empty.
        way: the way of answering.
        used: digest of other parts of the question that the provider uses, such as the plot's measures; may be empty.
    """

    kind: str
    provider: str
    prompt: str
    image: str
    way: str = "generate"
    used: str = ""

    @property
    def key(self) -> str:
        """The key of the answer. Default values are left out, so that entries of older stores are found."""
        way = () if self.way == "generate" else (self.way,)
        used = ("used", self.used) if self.used else ()
        return digest(self.kind, self.provider, self.prompt, self.image, *way, *used)


@dataclass(frozen=True)
class StoredAnswer:
    """A stored answer or failure.

    Attributes:
        request: the question, and the provider that was asked.
        text: the unchanged answer; empty for a failure.
        error: why the last attempt failed; empty for an answer.
        seconds: the duration of the attempt.
        tokens_in, tokens_out: of question and answer, if the provider reports them.
        probabilities: of each class, if they were requested.
        cost: in USD, if tokens and their price were known.
        tries: the number of failed attempts.
        created: when, in UTC.
    """

    request: Request
    text: str
    error: str
    seconds: float
    tokens_in: int | None
    tokens_out: int | None
    probabilities: dict[str, float] | None
    cost: float | None
    tries: int
    created: str


class AnswerStore:
    """Answers by request, in the SQLite file `path` (by default `answers.sqlite` in the cache folder)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_dir() / "answers.sqlite"
        self._connection = connect(self.path)
        try:
            _migrate(self._connection)
        except StoreError:
            self._connection.close()
            raise

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM answer").fetchone()
        return int(count)

    def get(self, request: Request) -> Reply | None:
        """The stored answer, or None."""
        row = self._connection.execute(
            "SELECT text, seconds, tokens_in, tokens_out, probabilities FROM answer WHERE key = ?", (request.key,)
        ).fetchone()
        if row is None:
            return None
        text, seconds, tokens_in, tokens_out, probabilities = row
        return Reply(text, "", seconds, tokens_in, tokens_out, _from_json(probabilities))

    def failed(self, request: Request) -> bool:
        """Whether the last attempt failed."""
        return bool(self._connection.execute("SELECT 1 FROM failure WHERE key = ?", (request.key,)).fetchone())

    def put(self, request: Request, reply: Reply, cost: float | None = None) -> None:
        """Store an answer and its cost in USD, on disk when this returns. The first answer to a request is kept."""
        probabilities = None if reply.probabilities is None else json.dumps(reply.probabilities)
        said = (reply.text, reply.seconds or 0.0, reply.tokens_in, reply.tokens_out, probabilities, cost)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT OR IGNORE INTO answer (key, kind, provider, prompt, image, way, used, text, seconds, "
                "tokens_in, tokens_out, probabilities, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*_address(request), *said),
            )
            self._connection.execute("DELETE FROM failure WHERE key = ?", (request.key,))
            self._connection.execute("COMMIT")
        except StoreError as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise StoreError(
                f"{error}. The answer that {request.provider} has just given is not kept; the answers before it are"
            ) from None

    def fail(self, request: Request, reply: Reply) -> None:
        """Store the error of a failed attempt, and count it."""
        self._connection.execute(
            "INSERT INTO failure (key, kind, provider, prompt, image, way, used, error, seconds, tries) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (key) DO UPDATE SET error = excluded.error, "
            "seconds = excluded.seconds, tries = tries + 1, created = CURRENT_TIMESTAMP",
            (*_address(request), reply.error, reply.seconds or 0.0),
        )

    def forget_failure(self, request: Request) -> None:
        """Delete the record of failed attempts, for a request that will not be made again."""
        self._connection.execute("DELETE FROM failure WHERE key = ?", (request.key,))

    def entries(self, kind: str | None = None, provider: str | None = None) -> list[StoredAnswer]:
        """Answers and failures, the oldest first, of one `kind` and of providers whose id begins with `provider`."""
        answers = ", ".join(_OF_AN_ANSWER.get(name, name) for name in COLUMNS)
        failures = ", ".join(_OF_A_FAILURE.get(name, name) for name in COLUMNS)
        rows = self._connection.execute(
            f"SELECT {answers} FROM answer UNION ALL SELECT {failures} FROM failure "  # noqa: S608  (fixed names)
            "ORDER BY created, kind, prompt, image, way, used"
        )
        found = [_entry(dict(zip(COLUMNS, row, strict=True))) for row in rows]
        return [
            entry
            for entry in found
            if kind in (None, entry.request.kind) and entry.request.provider.startswith(provider or "")
        ]

    def delete(self, entries: list[StoredAnswer]) -> None:
        """Delete answers and failures."""
        keys = [(entry.request.key,) for entry in entries]
        self._connection.execute("BEGIN IMMEDIATE")
        for table in ("answer", "failure"):
            self._connection.executemany(f"DELETE FROM {table} WHERE key = ?", keys)  # noqa: S608  (two fixed names)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _address(request: Request) -> tuple[str, ...]:
    return (request.key, request.kind, request.provider, request.prompt, request.image, request.way, request.used)


def _entry(row: dict[str, Any]) -> StoredAnswer:
    request = Request(*(row.pop(name) for name in ("kind", "provider", "prompt", "image", "way", "used")))
    return StoredAnswer(request, **row | {"probabilities": _from_json(row["probabilities"])})


def _from_json(text: str | None) -> dict[str, float] | None:
    return None if text is None else json.loads(text)


def _migrate(connection: sqlite3.Connection) -> None:
    """Apply the missing changes of the schema, one process at a time.

    An older version of Triptych may have reset the number of changes, so existing columns are looked up.
    """
    connection.execute("BEGIN IMMEDIATE")
    (done,) = connection.execute("PRAGMA user_version").fetchone()
    for change in MIGRATIONS[done:]:
        if not _is_made(connection, change):
            connection.execute(change)
    if done < len(MIGRATIONS):
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")


def _is_made(connection: sqlite3.Connection, change: str) -> bool:
    """Whether `change` adds a column that exists."""
    added = re.match(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", change)
    return added is not None and added[2] in {row[1] for row in connection.execute(f"PRAGMA table_info({added[1]})")}
