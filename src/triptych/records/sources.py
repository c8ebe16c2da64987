"""From what a user names to records."""

from collections.abc import Sequence

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.records.folder import folder_records, image_records
from triptych.records.manifest import MANIFESTS, manifest_records
from triptych.records.recordset import RecordSet


def open_records(data: StrPath) -> RecordSet:
    """The labelled records of a data folder (with or without a manifest) or of a manifest file.

    Raises:
        TriptychError: there is nothing at `data`, or no records in it.
    """
    data = as_path(data)
    if data.is_file():
        return manifest_records(data)
    if not data.is_dir():
        raise TriptychError(f"{data}: there is no such folder or manifest; check the path")
    for name in MANIFESTS:
        if (data / name).is_file():
            return manifest_records(data / name)
    return folder_records(data)


def input_records(paths: Sequence[StrPath]) -> RecordSet:
    """The records to classify: those of one manifest file, or one for every picture named or found in a folder.

    Raises:
        TriptychError: nothing was found, or a manifest stands among other paths.
    """
    given = [as_path(path) for path in paths]
    manifests = [path for path in given if path.suffix.lower() in (".csv", ".parquet")]
    if not manifests:
        return image_records(given)
    if len(given) > 1:
        raise TriptychError(f"{manifests[0]}: a manifest must be the only input; give it alone, or give pictures")
    return manifest_records(manifests[0])
