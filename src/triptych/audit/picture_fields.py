"""The identifying fields of pictures: the names of their files, and what their headers say (see `audit.fields`)."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from PIL import Image

from triptych.audit.fields import IdentifyingField, Value, code_fields, names_in, parse_dates
from triptych.errors import RecordError
from triptych.records import Record
from triptych.records.open_image import open_image
from triptych.records.splits import split_name

FILE, PICTURE = "file name", "picture"
_EXIF = {306: "date", 271: "camera maker", 272: "camera", 305: "program"}  # tags of the TIFF standard
FOLDERS = 4  # folders above the picture that are fields of their own


def file_name_fields(records: Sequence[Record], classes: Sequence[str]) -> list[IdentifyingField]:
    """The folders, words, numbers and digits of file names; not the folders that are named after a split or a class."""
    paths = [PurePosixPath(_path(record)) for record in records]
    stems = [path.stem for path in paths]
    found = code_fields(FILE, FILE, stems)
    named = [names_in(stem, classes) or None for stem in stems]
    if any(named):
        found.append(IdentifyingField(f"the names of classes in the {FILE}", FILE, named))
    plain = {name.casefold() for name in classes}
    folders = [[part for part in path.parts[:-1] if not _says_split_or_class(part, plain)] for path in paths]
    for place in range(min(FOLDERS, max(map(len, folders)))):
        column = [parts[place] if place < len(parts) else None for parts in folders]
        found.append(IdentifyingField(f"folder {place + 1} of the picture", FILE, column))
    return [one for one in found if len(set(one.values)) > 1]


def _path(record: Record) -> str:
    """The path of a record's picture as named in its source; its id for a picture in memory."""
    name = record.id.rpartition("#")[0] if record.id.rpartition("#")[2].isdecimal() else ""
    return (name or record.id).replace("\\", "/")


def _says_split_or_class(part: str, classes: set[str]) -> bool:
    return part in ("/", ".", "..") or split_name(part) is not None or part.casefold() in classes


def picture_fields(records: Sequence[Record]) -> list[IdentifyingField]:
    """What the headers of the pictures say; a picture that cannot be opened has no value."""
    headers = [_header(record) for record in records]
    names = dict.fromkeys(name for header in headers for name in header)
    found = []
    for name in names:
        column: list[Value] = [header.get(name) for header in headers]
        texts = [value if isinstance(value, str) else None for value in column]
        times = parse_dates(texts) if name == "date" else None
        values = column if times is None else times
        found.append(IdentifyingField(f"{name} of the {PICTURE}", PICTURE, values, is_date=times is not None))
    return [one for one in found if len(set(one.values)) > 1]


def _header(record: Record) -> Mapping[str, str]:
    if record.problem:
        return {}
    try:
        with open_image(record.image, record.id) as opened:
            facts = {"size": f"{opened.size[0]} x {opened.size[1]} px"}
            image = opened.image
            if isinstance(record.image, Path) and image is not None:
                facts |= {"format": image.format or "", "mode": image.mode} | _exif(image)
            return {name: value for name, value in facts.items() if value}
    except RecordError:
        return {}


def _exif(image: Image.Image) -> dict[str, str]:
    try:
        exif = image.getexif()
    except (OSError, ValueError, SyntaxError, LookupError):  # damaged metadata
        return {}
    return {name: str(exif[tag]).strip("\0 ") for tag, name in _EXIF.items() if tag in exif}
