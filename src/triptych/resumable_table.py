"""A table whose finished rows are kept, so that an interrupted run can be resumed.

During a run, its rows are in a side file next to the output, `out.csv.partial.jsonl`: one line that identifies the run,
then a line for every row with the key of its input. A line truncated by a crash is ignored. The table itself is written
at the end from these lines, so it does not depend on interruptions.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from triptych.errors import TriptychError
from triptych.files import unwritable
from triptych.tables import Row, write_table

SUFFIX = ".partial.jsonl"


class ResumableTable:
    """The finished rows of the table `output`, by the key of their input.

    Only the positions of rows in the side file are held in memory. Close it, or use it as a context manager.

    Args:
        output: the path of the table.
        run: identifies everything that rows depend on besides their input: the model, its settings, the version.
        final: whether a kept row is final; other rows, such as failed ones, are computed again.

    Raises:
        TriptychError: the side file holds rows of another run, is in use, or cannot be written.
    """

    def __init__(self, output: Path, run: str, final: Callable[[Row], bool] = lambda row: True) -> None:
        self.output = output
        self.path = output.with_name(output.name + SUFFIX)
        self._places: dict[str, int] = {}
        self._end = 0
        try:
            self._file: IO[bytes] = self.path.open("ab", buffering=0)
            self._reader = self.path.open("rb")
        except OSError as error:
            raise unwritable(self.path, error) from None
        try:
            _lock(self._file, self.path)
            self._take_up(run, final)
        except OSError as error:
            self.close()
            raise unwritable(self.path, error) from None
        except TriptychError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def close(self) -> None:
        """Close the side file without removing it."""
        self._file.close()
        self._reader.close()

    def add(self, key: str, row: Row) -> None:
        """Keep the row of the input `key`; it is in the file when this returns.

        Raises:
            TriptychError: the side file cannot be written; the rows before this one are kept.
        """
        place = self._end
        try:
            self._append({"key": key, "row": row})
        except OSError as error:
            raise TriptychError(
                f"{unwritable(self.path, error)}; {len(self)} finished rows are kept in it, and the same command goes "
                f"on from there"
            ) from None
        self._places[key] = place

    def row(self, key: str) -> dict[str, Any]:
        """The kept row of the input `key`."""
        self._reader.seek(self._places[key])
        found: dict[str, Any] = json.loads(self._reader.readline())["row"]
        return found

    def rows(self, keys: Sequence[str]) -> "KeptRows":
        """The rows of `keys`, in their order, read from the file in each iteration."""
        return KeptRows(self, keys)

    def finish(self, keys: Sequence[str], columns: Sequence[str]) -> None:
        """Write the table with a row for each of `keys`, in their order, and remove the side file.

        Raises:
            TriptychError: the table cannot be written; the side file stays.
        """
        write_table(self.rows(keys), columns, self.output)
        self.path.unlink(missing_ok=True)

    def _append(self, line: Mapping[str, object]) -> None:
        """Write one line completely or not at all."""
        data = json.dumps(line).encode() + b"\n"
        written = 0
        try:
            while written < len(data):
                written += self._file.write(data[written:]) or 0
        except OSError:
            self._file.truncate(self._end)
            raise
        self._end += len(data)

    def _take_up(self, run: str, final: Callable[[Row], bool]) -> None:
        """Find the finished rows of this run, and truncate the file after them."""
        first = self._reader.readline()
        found = _parsed(first)
        ours = found is not None and found.get("run") == run
        if not ours and (self._reader.readline() or not b'{"run": "'.startswith(first[:9])):
            raise TriptychError(
                f"{self.path}: holds rows of an unfinished run with another model, other settings or another version; "
                f"finish that run, delete this file, or choose another output"
            )
        self._end = len(first) if ours else 0
        for line in self._reader if ours else ():
            kept = _parsed(line)
            if kept is None or not {"key", "row"} <= kept.keys():
                break
            if final(kept["row"]):
                self._places[kept["key"]] = self._end
            self._end += len(line)
        self._file.truncate(self._end)
        if not ours:
            self._append({"run": run})


class KeptRows:
    """Rows in a side file, iterable any number of times."""

    def __init__(self, table: ResumableTable, keys: Sequence[str]) -> None:
        self._table, self._keys = table, keys

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._table.row, self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _parsed(line: bytes) -> dict[str, Any] | None:
    """The values of a line; None if the line is truncated."""
    try:
        found = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _lock(file: IO[bytes], path: Path) -> None:
    """Prevent other processes from writing the same table, if files can be locked."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TriptychError(
            f"{path}: another process is writing this table; wait until it is done, or choose another output"
        ) from None
    except OSError:
        return
