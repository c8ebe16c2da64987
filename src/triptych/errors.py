"""The errors a user can meet.

Every message says what was found, what is allowed and what to do next. The command line prints the message alone,
on one line, and ends with status 2; nothing else in the package catches these to hide them.
"""

from triptych.text import printable


class TriptychError(Exception):
    """Wrong use or bad input: the message is written for the user, and can be printed whatever names it quotes."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class InputError(TriptychError, ValueError):
    """A value that a caller passed cannot be used. Also a `ValueError`, which is what scikit-learn raises."""


class RecordError(TriptychError):
    """One record cannot be used; the others can. A run lists it and goes on."""


class MissingExtraError(TriptychError):
    """An optional package is not installed; the message holds the pip line that installs it."""


class TriptychWarning(UserWarning):
    """Something works less well than it could, such as a cache that cannot be written. Shown once, on one line."""
