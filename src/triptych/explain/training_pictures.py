"""Finds the pictures of training records, which a model does not store.

A model knows the name of each training record below its data folder, and the digest of its picture. A file with this
name is taken only if it has this digest. So a picture that was replaced, or another one of the same name, is not shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from triptych.errors import RecordError
from triptych.records import Record, RecordSet


@dataclass(frozen=True)
class TrainingPictures:
    """The places where pictures of training records may lie.

    Attributes:
        folders: folders below which they have their names, such as the data folder.
        named: pictures of a data set by the id of their record.
    """

    folders: Sequence[Path] = ()
    named: Mapping[str, Path] = field(default_factory=dict, repr=False)

    @classmethod
    def near(cls, records: Iterable[Record], data: RecordSet | None = None) -> "TrainingPictures":
        """Those of the data set `data`, and else those in the current folder and in all folders around `records`.

        So they are found if records of the same data folder are explained.
        """
        images = {record.image.absolute().parent for record in records if isinstance(record.image, Path)}
        folders = dict.fromkeys(
            [Path.cwd(), *(each for folder in sorted(images) for each in (folder, *folder.parents))]
        )
        return cls(list(folders), {one.id: one.image for one in data or () if isinstance(one.image, Path)})

    def find(self, id: str, digest: str) -> Path | None:
        """The picture of the training record `id` with this SHA-256 digest; None if it is not there or has changed."""
        return next((path for path in self._candidates(id) if _digest(path) == digest), None)

    def _candidates(self, id: str) -> Iterator[Path]:
        """Files that may be the picture; the id of a manifest's row ends in `#row` if rows share a picture."""
        names = dict.fromkeys([id, id.rpartition("#")[0] or id])
        yield from (self.named[name] for name in names if name in self.named)
        yield from (path for folder in self.folders for name in names if _is_file(path := folder / name))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _digest(path: Path) -> str:
    try:
        return Record(str(path), path).digest()
    except RecordError:
        return ""
