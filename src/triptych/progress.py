"""Progress bars on standard error, shown only in a terminal."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Iterates over `items` and shows the progress; `title` names the step in a word or two."""

    def __call__(self, items: Collection[T], title: str) -> Iterable[T]:
        """The same items, in the same order."""


def silent(items: Collection[T], title: str) -> Iterable[T]:
    """No progress bar; the default of all library functions."""
    return items


def bar(items: Collection[T], title: str) -> Iterator[T]:
    """A bar with count, elapsed and remaining time; only one line at the end if standard error is not a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        yield from progress.track(items, description=title)
