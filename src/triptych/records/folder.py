"""Records from folders: `DATA/{train,test[,val]}/<class>/*.png`, `DATA/<class>/*.png`, or just files."""

import os
from collections.abc import Iterable
from pathlib import Path

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.records.record import Record
from triptych.records.recordset import RecordSet

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif"})
SPLITS = ("train", "val", "test")


def is_image(path: Path) -> bool:
    """Whether the name of `path` is a picture's."""
    return path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")


def images_below(folder: Path) -> list[Path]:
    """All pictures in `folder` and the folders in it, sorted by path."""
    return sorted(path for path in folder.rglob("*") if is_image(path) and path.is_file())


def folder_records(data: Path) -> RecordSet:
    """The labelled records of a data folder; a record's id is its path below `data`.

    Raises:
        TriptychError: there are no pictures where the layout expects them.
    """
    splits = [name for name in SPLITS if (data / name).is_dir()]
    roots: list[tuple[str | None, Path]] = [(name, data / name) for name in splits] or [(None, data)]
    records = [
        Record(
            id=path.relative_to(data).as_posix(),
            image=path,
            label=path.relative_to(root).parts[0],
            split=split,
        )
        for split, root in roots
        for path in images_below(root)
        if len(path.relative_to(root).parts) > 1
    ]
    if not records:
        raise TriptychError(
            f"{data}: no labelled pictures found; put them in {data}/train/<class>/ and {data}/test/<class>/, "
            f"or list them in {data}/manifest.csv with the columns image and label"
        )
    return RecordSet(tuple(records))


def image_records(paths: StrPath | Iterable[StrPath]) -> RecordSet:
    """One unlabelled record for every file named and every picture in the folders named, in that order.

    A file is taken whatever its name, and whether it exists or not: what cannot be read is reported for that record.

    Raises:
        TriptychError: nothing was found.
    """
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    folders = [as_path(path) for path in named]
    files = [file for path in folders for file in (images_below(path) if path.is_dir() else [path])]
    if not files:
        found = ", ".join(map(str, folders))
        kinds = " ".join(sorted(IMAGE_SUFFIXES))
        raise TriptychError(f"{found}: no pictures found; give picture files or folders that hold some ({kinds})")
    return RecordSet(tuple(Record(id=str(file), image=file) for file in files))
