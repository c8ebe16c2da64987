"""Layout files from pictures: one for each layout that was learned, and one for each table that was not understood."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from triptych.errors import TriptychError
from triptych.reading import Reader
from triptych.reading.layout_entries import FieldEntry, LayoutEntries, box_entry
from triptych.reading.layout_file import SUFFIXES, LayoutFile, describe_layout, make_layout_file
from triptych.reading.learned_layout import Gray, Layout, is_blank
from triptych.reading.meanings import is_meaning, unit_name
from triptych.reading.ocr import grey
from triptych.reading.reading import Field
from triptych.reading.samples import Sample, Samples
from triptych.records.fields import MOMENTS

LONGEST_NAME = 60  # characters of a file's name


@dataclass(frozen=True)
class LearnedFile:
    """A layout file that was made from pictures.

    Attributes:
        file: the layout file.
        sample: the record that it was made from.
        count: the number of records with this layout.
    """

    file: LayoutFile
    sample: Sample
    count: int


def learned_files(samples: Samples, layouts: tuple[Layout, ...]) -> list[LearnedFile]:
    """The layout files of `layouts`, the reader's, with the `samples` of their records, the most frequent first.

    A record without a layout, because its values contradict one another, gives a file too, unless it matches one.
    """
    found: list[LearnedFile] = []
    taken: set[str] = set()
    for index, seen in sorted(samples.layouts.items(), key=lambda item: -item[1].count):
        if not layouts[index].given:
            name = _name(seen.sample.id, taken)
            file = describe_layout(name, layouts[index], seen.sample.pixels)
            found.append(LearnedFile(file, seen.sample, seen.count))
    for sample in samples.unknown:
        gray = grey(sample.pixels)
        if not any(learned.file.layout.match(gray) for learned in found) and (entries := _understood(sample, gray)):
            name = _name(sample.id, taken)
            file = make_layout_file(name, entries, sample.pixels, name)
            count = sum(file.layout.match(grey(other.pixels)) is not None for other in samples.unknown)
            found.append(LearnedFile(file, sample, count))
    return found


def misread(learned: LearnedFile, reader: Reader) -> Iterator[str]:
    """What is wrong when the sample of `learned` is read by its own file, with `reader`."""
    again = reader.read(Image.fromarray(learned.sample.pixels))
    yield from again.problems
    for name, value in learned.sample.reading.values.items():
        if name in again.values and again.values[name] != value:
            yield f"{name}: {value} was found by the search, but {again.values[name]} at its place"


def check_layout_folder(folder: Path, *, overwrite: bool) -> None:
    """Check that layout files may be written to `folder`.

    Raises:
        TriptychError: it has layout files already, which a person may have corrected, and `overwrite` is off.
    """
    if folder.is_dir() and not overwrite and any(file.suffix.lower() in SUFFIXES for file in folder.iterdir()):
        raise TriptychError(
            f"{folder}: has layout files already; name another folder, or replace those of equal names with --overwrite"
        )


def _understood(sample: Sample, gray: Gray) -> LayoutEntries | None:
    """The entries of a record as it was read; None if no name of a field could be found again."""
    entries: list[FieldEntry] = []
    names: set[str] = set()
    for field in sample.reading.fields:
        if field.printed and field.name not in names and min(field.box.width, field.box.height) >= 1:
            names.add(field.name)
            entries.append(_entry(field, gray))
    if not any(entry.name_box for entry in entries):
        return None
    return LayoutEntries(picture="sample.png", fields=tuple(entries))


def _entry(field: Field, gray: Gray) -> FieldEntry:
    box = field.label_box.inside(gray.shape)
    x0, y0, x1, y1 = (int(v) for v in box)
    blank = field.label_box == field.box or is_blank(gray[y0:y1, x0:x1])
    return FieldEntry(
        name=field.printed,
        meaning=field.name if is_meaning(field.name) else None,
        unit=unit_name(field.unit) if field.unit and field.name in MOMENTS else None,
        name_box=None if blank else box_entry(box),
        value_box=box_entry(field.box.inside(gray.shape)),
    )


def _name(id: str, taken: set[str]) -> str:
    """A file name for the layout of the record `id`, other than those in `taken`, to which it is added."""
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in Path(id).stem)[:LONGEST_NAME].strip(".") or "layout"
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name
