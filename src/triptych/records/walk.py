"""Pictures in a folder and the folders in it, and what lies there that is not taken for a picture."""

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
"""Folders that hold no pictures of units but marks on them; letters alone, in lower case."""
PROGRAMS = frozenset({"__pycache__", "__macosx", "@eadir"})
"""Folders that programs leave behind, beside hidden ones."""
_DESKTOP = frozenset({"thumbs.db", "desktop.ini"})
SHOWN = 3  # files that a warning names


def is_image(path: Path) -> bool:
    """Whether the name of `path` is a picture's."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")


@dataclass
class Walk:
    """What lies in a folder.

    Attributes:
        pictures: files that have the name of a picture, sorted by path; broken links among them.
        left_out: pictures in folders that are passed over, by the folder and the reason.
        unread: pictures in formats that are not read, by suffix.
        others: other files.
        loops: links to a folder that holds them.
        closed: folders that cannot be listed.
    """

    pictures: list[Path] = field(default_factory=list)
    left_out: dict[tuple[Path, str], int] = field(default_factory=lambda: defaultdict(int))
    unread: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    others: list[Path] = field(default_factory=list)
    loops: list[Path] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)

    def warnings(self) -> list[str]:
        """What is not used, in words; other files are not mentioned."""
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
        """What other files there are in class folders, in words."""
        if not self.others:
            return []
        kinds = Counter(path.suffix.lower() or "no suffix" for path in self.others)
        listed = ", ".join(f"{count} with {kind}" for kind, count in kinds.most_common(SHOWN))
        return [f"{below}: {len(self.others)} file(s) beside pictures are left out ({listed}): {_named(self.others)}"]


def walk(folder: Path) -> Walk:
    """Look through `folder` and all folders in it, links followed."""
    found = Walk()
    _walk(folder, frozenset({os.path.realpath(folder)}), None, found)
    found.pictures.sort()
    return found


def _walk(folder: Path, above: frozenset[str], passed_over: tuple[Path, str] | None, found: Walk) -> None:
    """Add what lies in `folder`; `above` are the real paths of the folders that hold it."""
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
    """Why a folder is passed over; None if it is not."""
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
