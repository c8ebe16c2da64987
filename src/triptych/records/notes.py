"""What a user should know about many records, said once with their number and the first of them."""

from collections.abc import Iterable, Sequence

SHOWN = 3  # names


def listed(names: Sequence[str]) -> str:
    """The first of `names`, and how many more there are."""
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def summarised(notes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Pairs of a record's id and what there is to say about it, as one line for each thing that is said."""
    by_note: dict[str, dict[str, None]] = {}
    for id, note in notes:
        by_note.setdefault(note, {})[id] = None
    return tuple(f"{note}: {_counted(len(ids))} ({listed(list(ids))})" for note, ids in by_note.items())


def _counted(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
