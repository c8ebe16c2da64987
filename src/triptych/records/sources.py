"""Opens the records of a folder, a manifest or a list of pictures."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.records.folder import folder_records, image_records
from triptych.records.manifest import MANIFESTS, manifest_records
from triptych.records.recordset import RecordSet
from triptych.records.splits import ensure_splits, known_splits
from triptych.records.table import SUFFIXES

SHOWN = 3  # paths that an error lists


def open_records(data: StrPath, group: str | None = None, *, need_group: bool = True) -> RecordSet:
    """The records of a data folder (with or without a manifest) or of a manifest file.

    Args:
        data: the folder or file.
        group: the manifest's column of groups of records that belong together; None uses `group`, if it exists.
        need_group: whether a missing column `group` is an error.

    Raises:
        TriptychError: `data` does not exist or holds no records, or the column is missing.
    """
    data = as_path(data)
    if not data.is_file() and not data.is_dir():
        raise TriptychError(f"{data}: there is no such folder or manifest; check the path")
    manifest = data if data.is_file() else _manifest_in(data)
    if manifest:
        return _with_second_manifest(manifest_records(manifest, group, need_group=need_group), manifest)
    if group is not None and need_group:
        raise TriptychError(
            f"{data}: a folder has no column {group!r}; list its pictures in {data / MANIFESTS[0]} with the columns "
            f"image, label and {group}"
        )
    return folder_records(data)


def labelled_records(data: StrPath, group: str | None = None, *, need_group: bool = True) -> RecordSet:
    """The records of `open_records` that have a label; the others are in `unused`.

    Raises:
        TriptychError: as `open_records`; none of the manifest's pictures exists; or no record has a label.
    """
    data = as_path(data)
    records = open_records(data, group, need_group=need_group)
    _check_pictures(records, data)
    if not any(record.label is not None for record in records):
        raise TriptychError(records.unlabelled or f"{data}: no record has a label; put pictures into class folders")
    return records.set_aside(lambda record: "" if record.label is not None else "it has no label")


def split_records(data: StrPath, seed: int, group: str | None = None) -> RecordSet:
    """The records of `labelled_records` in splits: their own, or else drawn with `seed`.

    Raises:
        TriptychError: as `labelled_records`, `known_splits` and `ensure_splits`.
    """
    return ensure_splits(known_splits(labelled_records(data, group)), seed)


def input_records(paths: Sequence[StrPath], group: str | None = None) -> RecordSet:
    """The records to classify: those of one manifest, or one for every picture that is named or found in a folder.

    A folder with a manifest counts as the manifest. A column called `group` is not a reading.

    Raises:
        TriptychError: nothing was found, or a manifest stands among other paths.
    """
    given = [as_path(path) for path in paths]
    manifests = [found for path in given if (found := _manifest_at(path))]
    if not manifests:
        return image_records(given)
    if len(given) > 1:
        raise TriptychError(f"{manifests[0]}: a manifest must be the only input; give it alone, or give pictures")
    return _with_second_manifest(manifest_records(manifests[0], group, need_group=False), manifests[0])


def _manifest_at(path: Path) -> Path | None:
    """The manifest at `path` or in the folder `path`, or None."""
    if path.is_dir():
        return _manifest_in(path)
    return path if path.suffix.lower() in SUFFIXES else None


def _manifest_in(folder: Path) -> Path | None:
    """The manifest of a data folder, or None; its name is not case-sensitive."""
    names = {path.name.lower(): path for path in sorted(folder.iterdir(), reverse=True) if path.is_file()}
    return next((names[name] for name in MANIFESTS if name in names), None)


def _with_second_manifest(records: RecordSet, manifest: Path) -> RecordSet:
    """`records`, with a warning if there is a second manifest beside `manifest`, which is not used."""
    others = [p.name for p in manifest.parent.iterdir() if p.name.lower() in MANIFESTS and p.name != manifest.name]
    if manifest.name.lower() not in MANIFESTS or not others:
        return records
    return replace(records, warnings=(*records.warnings, f"{manifest}: is used, and {others[0]} beside it is not"))


def _check_pictures(records: RecordSet, data: Path) -> None:
    """Refuse records of which no picture exists.

    Raises:
        TriptychError: no picture exists.
    """
    paths = [record.image for record in records if isinstance(record.image, Path) and not record.problem]
    if not paths or any(path.exists() for path in paths):
        return
    shown = ", ".join(map(str, list(dict.fromkeys(paths))[:SHOWN]))
    raise TriptychError(
        f"{data}: none of its {len(records)} pictures exists; looked for {shown}. "
        "Names are relative to the manifest's folder; correct the column 'image' or move the manifest"
    )
