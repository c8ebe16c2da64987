"""An answer store that goes on without its file, for providers whose answers cost nothing.

`measured` and `rules` compute their answers from the record in negligible time, so nothing is lost if these cannot be
stored: a full disk or a read-only folder does not stop the run. All other answers cost time or money; for them, a store
that cannot be written is an error.
"""

import warnings
from collections.abc import Callable
from typing import TypeVar

from triptych.answers.provider import Reply
from triptych.answers.store import AnswerStore, Request
from triptych.config import AnswersConfig
from triptych.database import StoreError
from triptych.errors import TriptychWarning

FREE = frozenset({"measured", "rules", "none"})  # providers whose answers cost nothing
T = TypeVar("T")


class BestEffortStore(AnswerStore):
    """The answer store; if its file cannot be used, one warning is shown and answers are not stored."""

    usable = True

    def __init__(self) -> None:
        self._try(super().__init__, None)

    def get(self, request: Request) -> Reply | None:
        """The stored answer, or None."""
        return self._try(lambda: super(BestEffortStore, self).get(request), None)

    def failed(self, request: Request) -> bool:
        """Whether the last attempt failed."""
        return self._try(lambda: super(BestEffortStore, self).failed(request), False)

    def put(self, request: Request, reply: Reply, cost: float | None = None) -> None:
        """Store an answer, if possible."""
        self._try(lambda: super(BestEffortStore, self).put(request, reply, cost), None)

    def fail(self, request: Request, reply: Reply) -> None:
        """Store the error of a failed attempt, if possible."""
        self._try(lambda: super(BestEffortStore, self).fail(request, reply), None)

    def forget_failure(self, request: Request) -> None:
        """Delete the record of failed attempts."""
        self._try(lambda: super(BestEffortStore, self).forget_failure(request), None)

    def close(self) -> None:
        """Close the file."""
        if self.usable:
            super().close()

    def _try(self, action: Callable[[], T], otherwise: T) -> T:
        """The result of `action`; once the file cannot be used, always `otherwise`."""
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
        StoreError: the store cannot be used, and the answers of one of the providers cost time or money.
    """
    return BestEffortStore() if {settings.vlm, settings.llm} <= FREE else AnswerStore()
