"""From what a user names to records."""

from collections.abc import Sequence
from pathlib import Path

from triptych.errors import TriptychError
from triptych.records.folder import folder_records, image_records
from triptych.records.manifest import MANIFESTS, manifest_records
from triptych.records.recordset import RecordSet


def open_records(data: Path) -> RecordSet:
    """The labelled records of a data folder (with or without a manifest) or of a manifest file.

    Raises:
        TriptychError: there is nothing at `data`, or no records in it.
    """
    if data.is_file():
        return manifest_records(data)
    if not data.is_dir():
        raise TriptychError(f"{data}: there is no such folder or manifest; check the path")
    for name in MANIFESTS:
        if (data / name).is_file():
            return manifest_records(data / name)
    return folder_records(data)


def input_records(paths: Sequence[Path]) -> RecordSet:
    """The records to classify: those of one manifest file, or one for every picture named or found in a folder.

    Raises:
        TriptychError: nothing was found, or a manifest stands among other paths.
    """
    manifests = [path for path in paths if path.suffix.lower() in (".csv", ".parquet")]
    if not manifests:
        return image_records(paths)
    if len(paths) > 1:
        raise TriptychError(f"{manifests[0]}: a manifest must be the only input; give it alone, or give pictures")
    return manifest_records(manifests[0])
