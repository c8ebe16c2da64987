"""The answer store: every answer once asked for, kept in SQLite under the address of its question.

The same provider, prompt and input are never asked twice. An answer is written when it is given, so a run that was
killed asks only for what is missing.
"""

import time
from collections.abc import Callable
from pathlib import Path

from triptych.cache import cache_dir, connect, digest

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY,       -- digest of kind, provider, prompt and image
    kind TEXT NOT NULL,         -- vlm or llm
    provider TEXT NOT NULL,
    prompt TEXT NOT NULL,
    image TEXT NOT NULL,        -- digest of the picture, empty when none was shown
    text TEXT NOT NULL,
    seconds REAL NOT NULL,
    created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID
"""


class AnswerStore:
    """Answers by question, in the SQLite file `path` (by default `answers.sqlite` in the cache folder)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_dir() / "answers.sqlite"
        self._connection = connect(self.path)
        self._connection.execute(_SCHEMA)

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM answer").fetchone()
        return int(count)

    def answer(self, kind: str, provider: str, prompt: str, image: str, ask: Callable[[], str]) -> str:
        """The kept answer to a question, or the one that `ask` gives, kept from now on.

        Args:
            kind: `vlm` or `llm`.
            provider: id of the provider.
            prompt: the whole question.
            image: digest of the picture shown, or an empty text.
            ask: asks the provider; called only when the store has no answer.
        """
        key = digest(kind, provider, prompt, image)
        row = self._connection.execute("SELECT text FROM answer WHERE key = ?", (key,)).fetchone()
        if row:
            return str(row[0])
        start = time.perf_counter()
        text = ask()
        self._connection.execute(
            "INSERT OR IGNORE INTO answer (key, kind, provider, prompt, image, text, seconds) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, kind, provider, prompt, image, text, time.perf_counter() - start),
        )
        return text

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
