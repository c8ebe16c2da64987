"""Records from a table: columns `image`, `label`, optional `split` and `group`, and any number of reading columns.

Each row is a record; several rows may name one image. Labels, splits, groups and image names are unchanged text.
Numbers and booleans become numeric readings, text stays text; `table_columns` explains how they are distinguished.
A column that holds anything else, such as lists, is left out with a warning, because no later step can use it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.errors import TriptychError
from triptych.paths import StrPath, as_path
from triptych.records.locate import Locator
from triptych.records.record import Record
from triptych.records.recordset import RecordSet
from triptych.records.splits import SPLITS, split_name
from triptych.records.table import Table, frame_table, open_table
from triptych.records.table_columns import Reading

if TYPE_CHECKING:
    import pandas as pd

MANIFESTS = ("manifest.csv", "manifest.parquet")
IMAGE, LABEL, SPLIT, GROUP = "image", "label", "split", "group"
ROLES = (IMAGE, LABEL, SPLIT, GROUP)
_LIKELY = {  # names of these columns in tables of other programs, in lower case, letters and digits only
    IMAGE: {"file", "filename", "filepath", "path", "picture", "img", "imagepath", "imagename", "imagefile", "images"},
    LABEL: {"class", "classname", "labels", "defect", "defecttype", "target", "category", "y", "classes"},
}


def manifest_records(path: Path, group: str | None = None, *, need_group: bool = True) -> RecordSet:
    """The records of a manifest; image paths are relative to its folder.

    A record's id is the image as named in the manifest, followed by `#row` if the image occurs in several rows.

    Args:
        path: a CSV or Parquet file.
        group: the column of groups of records that belong together; None uses the column `group`, if it exists.
        need_group: whether a missing column `group` is an error.
    """
    table = open_table(path)
    return _records(table, path.parent, group if need_group or group in table.columns else None)


def frame_records(
    table: "pd.DataFrame", root: StrPath = ".", name: str = "table", group: str | None = None
) -> RecordSet:
    """The records of a table in memory.

    Args:
        table: a row for each record.
        root: the folder that image paths are relative to.
        name: the table's name in error messages.
        group: the column of groups of records that belong together; None uses the column `group`, if it exists.

    Raises:
        TriptychError: the column `image` or `group` is missing, or the table is empty.
    """
    return _records(frame_table(table, name), as_path(root), group)


@dataclass(frozen=True)
class _Columns:
    """The columns of a table by use: the names of those with a role, and the readings."""

    roles: Mapping[str, str]
    readings: Mapping[str, list[Reading]]
    warnings: tuple[str, ...]


def _records(table: Table, root: Path, group: str | None) -> RecordSet:
    columns = _columns(table, group)
    texts = {role: table.columns[name].text() for role, name in columns.roles.items()}
    blank: list[str | None] = [None] * len(table.rows)
    images, labels, splits, groups = (texts.get(role, blank) for role in ROLES)
    counts, locator = Counter(images), Locator(root)
    records = []
    for row, image in enumerate(images):
        readings = {name: cell for name, cells in columns.readings.items() if (cell := cells[row]) is not None}
        path, problem = locator.find(image) if image else (root, _empty_image(table, row, columns.roles[IMAGE]))
        name = image or table.rows[row]
        records.append(
            Record(
                id=f"{name}#{row}" if image and counts[image] > 1 else name,
                image=path,
                readings=readings,
                label=labels[row],
                split=_split(splits[row]),
                group=groups[row],
                problem=problem,
            )
        )
    warnings = (*table.warnings, *columns.warnings, *_corrected(table, locator), *_renamed(table, splits))
    return RecordSet(tuple(records), warnings, columns=tuple(columns.readings), unlabelled=_unlabelled(table, columns))


def _columns(table: Table, group: str | None) -> _Columns:
    """Find the columns with a role, and read the other columns as readings."""
    roles = {role: name for role in ROLES if (name := table.find(role))}
    if IMAGE not in roles:
        raise TriptychError(f"{table.name}: there is no column 'image'; found {table.found}. {_advice(table, IMAGE)}")
    warnings = [f"{table.name}: column {name!r} is used as {role!r}" for role, name in roles.items() if name != role]
    taken = set(roles.values())
    if group is not None and group != roles.get(GROUP):
        if group not in table.columns:
            raise TriptychError(f"{table.name}: there is no column {group!r} to group by; found {table.found}")
        if GROUP in roles:
            warnings.append(f"{table.name}: column {roles[GROUP]!r} is not used, because {group!r} gives the groups")
        roles, taken = {**roles, GROUP: group}, {*taken, group}
    readings = {}
    for name in (name for name in table.columns if name not in taken):
        found = table.columns[name].readings()
        if found.cells is None:
            warnings.append(f"{table.name}: column {name!r} holds neither numbers nor text and is left out")
            continue
        readings[name] = found.cells
        if found.warning:
            warnings.append(f"{table.name}: column {name!r}: {found.warning}")
    return _Columns(roles, readings, tuple(warnings))


def _split(text: str | None) -> str | None:
    """The split that a cell names; an unknown one stays unchanged."""
    return text and (split_name(text) or text)


def _renamed(table: Table, splits: list[str | None]) -> list[str]:
    """Warnings about splits under another name."""
    renamed = {text for text in splits if text and _split(text) in SPLITS and _split(text) != text}
    return [f"{table.name}: the split {text!r} counts as {_split(text)!r}" for text in sorted(renamed)]


def _empty_image(table: Table, row: int, column: str) -> str:
    return f"{table.name}: {table.rows[row]}: the cell of column {column!r} is empty; name the picture there"


def _corrected(table: Table, locator: Locator) -> list[str]:
    """A warning about pictures whose names differ from those of their files."""
    if not locator.corrected:
        return []
    name, found = next(iter(locator.corrected.items()))
    count = len(locator.corrected)
    return [f"{table.name}: {count} picture(s) are found under another suffix or case of letters ({name} is {found})"]


def _unlabelled(table: Table, columns: _Columns) -> str:
    """Why no record has a label; empty if at least one has."""
    if LABEL not in columns.roles:
        return f"{table.name}: there is no column 'label'; found {table.found}. {_advice(table, LABEL)}"
    if not any(table.columns[columns.roles[LABEL]].text()):
        return f"{table.name}: every cell of column {columns.roles[LABEL]!r} is empty; write the class of every record"
    return ""


def _advice(table: Table, role: str) -> str:
    """Advice on how to name the missing column."""
    likely = [name for name in table.columns if "".join(filter(str.isalnum, name)).casefold() in _LIKELY[role]]
    what = f"the column {likely[0]!r}" if len(likely) == 1 else f"the column of {_MEANING[role]}"
    return f"Rename {what} to {role!r}" if likely or role == IMAGE else f"Add {what} and name it {role!r}"


_MEANING = {IMAGE: "picture paths", LABEL: "classes"}
