"""Walks through a folder and its subfolders, and collects the pictures and everything that is not used."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm", ".pbm"}
)
OTHER_PICTURES = frozenset(
    {".heic", ".heif", ".avif", ".jxl", ".jp2", ".psd", ".svg", ".pdf", ".dng", ".cr2", ".cr3", ".nef", ".arw"}
    | {".raw", ".dcm"}
)
"""Suffixes of pictures in formats that Triptych does not read."""
MASKS = frozenset({"mask", "masks", "groundtruth", "gt", "annotation", "annotations", "segmentation"})
"""Names of folders that hold masks or annotations instead of pictures; only letters, in lower case."""
PROGRAMS = frozenset({"__pycache__", "__macosx", "@eadir"})
"""Names of folders that programs create for themselves and that are not hidden."""
_DESKTOP = frozenset({"thumbs.db", "desktop.ini"})
SHOWN = 3  # files that a warning lists


def is_image(path: Path) -> bool:
    """Whether the suffix of `path` is that of a picture."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")


@dataclass
class Walk:
    """The contents of a folder.

    Attributes:
        pictures: files with the suffix of a picture, including broken links, sorted by path.
        left_out: pictures in skipped folders, by the folder and the reason.
        unread: pictures in formats that are not supported, by suffix.
        others: other files.
        loops: links to a folder that contains them.
        closed: folders that cannot be listed.
    """

    pictures: list[Path] = field(default_factory=list)
    left_out: dict[tuple[Path, str], int] = field(default_factory=lambda: defaultdict(int))
    unread: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    others: list[Path] = field(default_factory=list)
    loops: list[Path] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)

    def warnings(self) -> list[str]:
        """Warnings about what is not used; other files are not mentioned."""
        return [
            *(
                f"{folder}: {count} picture(s) are left out; {why}"
                for (folder, why), count in self.left_out.items()
                if count
            ),
            *(
                f"{_named(paths)}: {len(paths)} picture(s) are left out; {suffix} is not read. Convert to PNG or JPEG"
                for suffix, paths in sorted(self.unread.items())
            ),
            *(f"{path}: is left out; it links to a folder that holds it" for path in self.loops),
            *(f"{path}: is left out; the folder cannot be listed. Check its permissions" for path in self.closed),
        ]

    def others_warning(self, below: Path) -> list[str]:
        """A warning about other files in class folders, if there are any."""
        if not self.others:
            return []
        kinds = Counter(path.suffix.lower() or "no suffix" for path in self.others)
        listed = ", ".join(f"{count} with {kind}" for kind, count in kinds.most_common(SHOWN))
        return [f"{below}: {len(self.others)} file(s) beside pictures are left out ({listed}): {_named(self.others)}"]


def walk(folder: Path) -> Walk:
    """Walk through `folder` and all of its subfolders, following links."""
    found = Walk()
    _walk(folder, frozenset({os.path.realpath(folder)}), None, found)
    found.pictures.sort()
    return found


def _walk(folder: Path, above: frozenset[str], passed_over: tuple[Path, str] | None, found: Walk) -> None:
    """Add the contents of `folder`; `above` are the real paths of its parent folders."""
    for path in _entries(folder, found):
        if path.is_dir():
            real = os.path.realpath(path)
            if real in above:
                found.loops.append(path)
            else:
                _walk(path, above | {real}, passed_over or pass_over(path), found)
        else:
            _add(path, passed_over, found)


def _entries(folder: Path, found: Walk) -> Iterator[Path]:
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        found.closed.append(folder)


def _add(path: Path, passed_over: tuple[Path, str] | None, found: Walk) -> None:
    """Add one file."""
    if path.name.startswith(".") or path.name.lower() in _DESKTOP:
        return
    suffix = path.suffix.lower()
    if passed_over:
        found.left_out[passed_over] += suffix in IMAGE_SUFFIXES | OTHER_PICTURES
    elif suffix in IMAGE_SUFFIXES:
        found.pictures.append(path)
    elif suffix in OTHER_PICTURES:
        found.unread[suffix].append(path)
    else:
        found.others.append(path)


def pass_over(folder: Path) -> tuple[Path, str] | None:
    """The folder and the reason why it is skipped; None if it is not skipped."""
    name = folder.name.casefold()
    if name.startswith("."):
        return folder, "the folder is hidden"
    if name in PROGRAMS:
        return folder, "programs make such folders for themselves"
    if "".join(filter(str.isalpha, name)) in MASKS:
        return folder, "folders of that name hold masks. Rename it if it is a class"
    return None


def _named(paths: list[Path]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return ", ".join(map(str, paths[:SHOWN])) + more
