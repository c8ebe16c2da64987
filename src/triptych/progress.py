"""Progress bars, on standard error and only when a person watches."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Goes over `items` and shows how far it is; `title` names the step in a word or two."""

    def __call__(self, items: Collection[T], title: str) -> Iterable[T]:
        """The same items, in the same order."""


def silent(items: Collection[T], title: str) -> Iterable[T]:
    """The default of every library function: no bar."""
    return items


def bar(items: Collection[T], title: str) -> Iterator[T]:
    """A bar with count, elapsed and remaining time; a single line at the end where standard error is no terminal."""
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
