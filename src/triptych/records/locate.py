"""Finds the pictures that a table names."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PureWindowsPath

from triptych.records.walk import IMAGE_SUFFIXES

SHOWN = 3  # files that a message lists


class Locator:
    """Finds pictures below `root` by the names that a table gives.

    A name may contain backslashes. If no file has the name, a picture is accepted whose name differs only in case or
    has a suffix in addition, as long as exactly one picture fits.

    Attributes:
        corrected: names that were matched in this way, with the file's name.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.corrected: dict[str, str] = {}
        self._folders: dict[Path, Folder] = {}

    def find(self, name: str) -> tuple[Path, str]:
        """The path of the picture `name`, which need not exist, and a problem or an empty text."""
        path = self.root / name
        if "\\" in name and not _exists(path):
            path = self.root / PureWindowsPath(name).as_posix()
        if _exists(path):
            return path, ""
        fitting = self._folder(path.parent).like(path.name)
        if len(fitting) == 1:
            self.corrected[name] = fitting[0]
            return path.with_name(fitting[0]), ""
        if fitting:
            found = " and ".join(sorted(fitting)[:SHOWN])
            return path, f"{path}: no such file, but {found} are there; write the whole name"
        return path, ""  # reading it reports the missing file

    def _folder(self, path: Path) -> "Folder":
        return self._folders.setdefault(path, Folder(path))


class Folder:
    """The pictures in a folder, indexed by their names in lower case, with and without suffix."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def like(self, name: str) -> list[str]:
        """The pictures whose names equal `name` apart from case; if there are none, apart from case and suffix."""
        return self._names.get(name.casefold(), []) or self._stems.get(name.casefold(), [])

    @cached_property
    def _pictures(self) -> list[Path]:
        try:
            return [path for path in self.path.iterdir() if path.suffix.lower() in IMAGE_SUFFIXES]
        except OSError:
            return []

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        return _grouped((path.name.casefold(), path.name) for path in self._pictures)

    @cached_property
    def _stems(self) -> dict[str, list[str]]:
        return _grouped((path.stem.casefold(), path.name) for path in self._pictures)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
