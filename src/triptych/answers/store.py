"""The answer store: every answer once asked for, kept in SQLite under the address of its question.

The same provider, prompt and input are never asked twice. An answer is written when it is given, so a run that was
killed asks only for what is missing.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Asked:
    """What was asked, of whom.

    Attributes:
        kind: `vlm` or `llm`.
        provider: id of the provider.
        prompt: the whole question.
        image: digest of the picture shown, or an empty text.
    """

    kind: str
    provider: str
    prompt: str
    image: str

    @property
    def key(self) -> str:
        """The address of the answer."""
        return digest(self.kind, self.provider, self.prompt, self.image)


class AnswerStore:
    """Answers by question, in the SQLite file `path` (by default `answers.sqlite` in the cache folder)."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_dir() / "answers.sqlite"
        self._connection = connect(self.path)
        self._connection.execute(_SCHEMA)

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM answer").fetchone()
        return int(count)

    def get(self, asked: Asked) -> str | None:
        """The kept answer, or None."""
        row = self._connection.execute("SELECT text FROM answer WHERE key = ?", (asked.key,)).fetchone()
        return str(row[0]) if row else None

    def put(self, asked: Asked, text: str, seconds: float) -> None:
        """Keep an answer that took `seconds`; it is on disk when this returns."""
        self._connection.execute(
            "INSERT OR IGNORE INTO answer (key, kind, provider, prompt, image, text, seconds) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (asked.key, asked.kind, asked.provider, asked.prompt, asked.image, text, seconds),
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
