"""A store for answers that cost nothing, which may do without its file.

What `measured` and `rules` say is computed here from the record, in no time. When such answers cannot be kept, nothing
is lost, and so a full disk or a folder that cannot be written stops no run. Any other answer takes time or money, and a
store that cannot keep it is an error.
"""

import warnings
from collections.abc import Callable
from typing import TypeVar

from triptych.answers.provider import Reply
from triptych.answers.store import AnswerStore, Asked
from triptych.config import AnswersConfig
from triptych.database import StoreError
from triptych.errors import TriptychWarning

FREE = frozenset({"measured", "rules", "none"})  # providers whose answers cost nothing
T = TypeVar("T")


class FreeAnswers(AnswerStore):
    """The answer store, or nothing where it cannot be used: that is said once."""

    usable = True

    def __init__(self) -> None:
        self._try(super().__init__, None)

    def get(self, asked: Asked) -> Reply | None:
        """The kept answer, or None."""
        return self._try(lambda: super(FreeAnswers, self).get(asked), None)

    def failed(self, asked: Asked) -> bool:
        """Whether the last try to get an answer failed."""
        return self._try(lambda: super(FreeAnswers, self).failed(asked), False)

    def put(self, asked: Asked, reply: Reply, cost: float | None = None) -> None:
        """Keep an answer, if that can be done."""
        self._try(lambda: super(FreeAnswers, self).put(asked, reply, cost), None)

    def fail(self, asked: Asked, reply: Reply) -> None:
        """Keep why a try failed, if that can be done."""
        self._try(lambda: super(FreeAnswers, self).fail(asked, reply), None)

    def forget_failure(self, asked: Asked) -> None:
        """Forget that tries failed."""
        self._try(lambda: super(FreeAnswers, self).forget_failure(asked), None)

    def close(self) -> None:
        """Close the file."""
        if self.usable:
            super().close()

    def _try(self, action: Callable[[], T], otherwise: T) -> T:
        """What `action` gives; `otherwise`, now and from now on, where the file cannot be used."""
        if self.usable:
            try:
                return action()
            except StoreError as error:
                self.usable = False
                if hasattr(self, "_connection"):
                    super().close()
                text = (
                    f"{error}. Going on without an answer store: the answers of this run are computed again next time"
                )
                warnings.warn(text, TriptychWarning, stacklevel=3)
        return otherwise


def open_store(settings: AnswersConfig) -> AnswerStore:
    """The answer store in the cache folder, for the providers that `settings` name.

    Raises:
        StoreError: it cannot be used, and an answer of one of the providers takes time or money.
    """
    return FreeAnswers() if {settings.vlm, settings.llm} <= FREE else AnswerStore()
