"""Summarises notes on many records: each note once, with the number of records and the first few."""

from collections.abc import Iterable, Sequence

SHOWN = 3  # names


def listed(names: Sequence[str]) -> str:
    """The first of `names`, and the number of further ones."""
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def summarised(notes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """One line for each distinct note in `notes`, which are pairs of a record's id and a note."""
    by_note: dict[str, dict[str, None]] = {}
    for id, note in notes:
        by_note.setdefault(note, {})[id] = None
    return tuple(f"{note}: {_counted(len(ids))} ({listed(list(ids))})" for note, ids in by_note.items())


def _counted(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
