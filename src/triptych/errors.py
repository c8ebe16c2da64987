"""The errors a user can meet.

Every message states what was found, what is allowed and what to do next. The command line prints only the message, on
one line, and exits with status 2. The package never catches these errors to hide them.
"""

from triptych.text import printable


class TriptychError(Exception):
    """Wrong use or bad input. The message is written for the user and always printable, whatever names it quotes."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class InputError(TriptychError, ValueError):
    """A value that a caller passed cannot be used. Also a `ValueError`, as in scikit-learn."""


class RecordError(TriptychError):
    """One record cannot be used. The run lists it and goes on with the others."""


class MissingExtraError(TriptychError):
    """An optional package is not installed; the message holds the pip line that installs it."""


class TriptychWarning(UserWarning):
    """Something works less well than it could, such as a cache that cannot be written. Shown once, on one line."""
