"""Records from folders: `DATA/{train,test[,val]}/<class>/*.png`, `DATA/<class>/*.png`, or single files.

The names of splits are not case-sensitive, and `validation`, `valid`, `training` and the like are accepted. Hidden
folders and folders of masks are skipped. Everything that is not used is listed in a warning.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.records.record import Record
from triptych.records.recordset import RecordSet
from triptych.records.splits import split_name
from triptych.records.walk import IMAGE_SUFFIXES, Walk, pass_over, walk

_TABLES = frozenset({".csv", ".tsv", ".parquet", ".xlsx", ".xls", ".json"})


def folder_records(data: Path) -> RecordSet:
    """The labelled records of a data folder; a record's id is its path below `data`.

    Raises:
        TriptychError: there are no pictures where the layout expects them.
    """
    found = walk(data)
    splits = [name for name in _folders(data) if split_name(name)]
    splits.sort(key=lambda name: ("train", "val", "test").index(split_name(name) or ""))
    order = {name: place for place, name in enumerate(splits)}
    records, astray = [], Counter[tuple[Path, str]]()
    for path in sorted(found.pictures, key=lambda path: order.get(path.relative_to(data).parts[0], -1)):
        parts = path.relative_to(data).parts
        split = split_name(parts[0]) if parts[0] in order else None
        inner = parts[1:] if split else parts
        if splits and not split:
            astray[data / parts[0] if len(parts) > 1 else data, _beside(splits)] += 1
        elif len(inner) == 1:
            astray[path.parent, "they lie in no class folder"] += 1
        else:
            records.append(Record(id="/".join(parts), image=path, label=inner[0], split=split))
    if not records:
        raise TriptychError(
            f"{data}: no labelled pictures found; put them in {data}/train/<class>/ and {data}/test/<class>/, "
            f"or list them in {data}/manifest.csv with the columns image and label{_found_instead(found, astray)}"
        )
    _check_nesting(data, records)
    warnings = [
        *found.warnings(),
        *(f"{place}: {count} picture(s) are left out; {why}" for (place, why), count in astray.items()),
        *_others(data, found),
        *_empty_classes(data, splits, records),
        *_twins(data, records),
    ]
    return RecordSet(tuple(records), tuple(warnings))


def image_records(paths: StrPath | Iterable[StrPath]) -> RecordSet:
    """One unlabelled record for every file named and every picture in the folders named, in that order.

    A named file always gives a record, even if it is missing or not a picture: the error is reported for that record.

    Raises:
        TriptychError: nothing was found.
    """
    named = [paths] if isinstance(paths, str | os.PathLike) else paths
    folders = [as_path(path) for path in named]
    files: list[Path] = []
    warnings: list[str] = []
    for path in folders:
        inside = walk(path) if path.is_dir() else Walk([path])
        files += inside.pictures
        warnings += inside.warnings()
        warnings += [
            f"{other}: is not used; give its folder to classify what it lists"
            for other in inside.others
            if other.name.lower() in ("manifest.csv", "manifest.parquet")
        ]
    if not files:
        found = ", ".join(map(str, folders))
        kinds = " ".join(sorted(IMAGE_SUFFIXES))
        reasons = "".join(f"; {warning}" for warning in warnings)
        raise TriptychError(
            f"{found}: no pictures found; give picture files or folders that hold some ({kinds}){reasons}"
        )
    return RecordSet(tuple(Record(id=str(file), image=file) for file in files), tuple(warnings))


def _folders(data: Path) -> Iterator[str]:
    return (path.name for path in sorted(data.iterdir()) if path.is_dir())


def _beside(splits: Sequence[str]) -> str:
    """Why pictures beside the folders of splits are not used."""
    return f"they lie beside {', '.join(f'{name}/' for name in splits)}. Move them into one of these"


def _found_instead(found: Walk, astray: Counter[tuple[Path, str]]) -> str:
    """What was found instead of labelled pictures."""
    notes = [*(f"{place}: {count} picture(s), but {why}" for (place, why), count in astray.items()), *found.warnings()]
    return "".join(f"; {note}" for note in notes)


def _check_nesting(data: Path, records: Sequence[Record]) -> None:
    """Refuse a folder whose only class folder is a data set itself, such as `DATA/archive/train/...`.

    Raises:
        TriptychError: the folder is of this kind.
    """
    classes = {record.label for record in records}
    roots = {record.id.rpartition(f"{record.label}/")[0] for record in records} if len(classes) == 1 else set()
    for root in roots:
        only = data / root / str(*classes)
        if any(split_name(name) for name in _folders(only)):
            raise TriptychError(f"{data}: its only folder is {only}, which holds splits; give {only} instead")


def _others(data: Path, found: Walk) -> list[str]:
    """Warnings about files in class folders that are not pictures, and about tables beside class folders."""
    tables = [path for path in found.others if path.parent == data and path.stem.lower() == "manifest"]
    inside = Walk(others=[path for path in found.others if path.parent != data])
    return [
        *inside.others_warning(data),
        *(f"{path}: is not used; save it as manifest.csv" for path in tables if path.suffix.lower() in _TABLES),
    ]


def _empty_classes(data: Path, splits: Sequence[str], records: Sequence[Record]) -> list[str]:
    """Class folders without a single picture."""
    taken = {(record.split, record.label) for record in records}
    roots = [(split_name(name), data / name) for name in splits] or [(None, data)]
    return [
        f"{root / name}: holds no pictures, so there is no class {name!r}{f' in {split}' if split else ''}"
        for split, root in roots
        for name in _folders(root)
        if (split, name) not in taken and not pass_over(root / name)
    ]


def _twins(data: Path, records: Sequence[Record]) -> list[str]:
    """Warnings about pictures with one name and several suffixes, often a picture and its mask."""
    names: dict[str, list[str]] = {}
    for record in records:
        names.setdefault(record.id.rpartition(".")[0], []).append(record.id)
    twins = [ids for ids in names.values() if len(ids) > 1]
    if not twins:
        return []
    return [
        f"{data}: {len(twins)} picture(s) have several suffixes ({' and '.join(twins[0])}), and all are used; "
        "remove masks and copies"
    ]
