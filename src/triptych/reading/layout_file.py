"""Layout files: where a machine prints its values, as a person can read and correct it.

A layout is a pair of files: `NAME.yaml` (`layout_entries`) and beside it the sample picture that its boxes refer to, an
upright page. The templates by which records are recognised are cut from the sample.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from triptych.cache import digest
from triptych.errors import TriptychError
from triptych.files import unwritable, whole_file, write_atomically
from triptych.paths import StrPath, as_path
from triptych.reading.box import Box
from triptych.reading.ink import extent
from triptych.reading.layout_entries import FieldEntry, LayoutEntries, box_entry, parse_entries
from triptych.reading.learned_layout import Gray, Layout, cut_sides, is_blank, is_cut, value_region
from triptych.reading.meanings import meaning_of, unit_of
from triptych.reading.ocr import Pixels, grey
from triptych.reading.slot import Slot
from triptych.records import Record

SUFFIXES = (".yaml", ".yml")
CLEARANCE = 2  # px between a value and its box, so that both can be seen


@dataclass(frozen=True)
class LayoutFile:
    """A layout with its name and its sample picture.

    Attributes:
        name: the file's name without its suffix.
        entries: the contents of the YAML file.
        sample: the sample picture, [H, W, 3].
        layout: the layout, for a `Reader`.
    """

    name: str
    entries: LayoutEntries
    sample: Pixels = field(repr=False, compare=False)
    layout: Layout = field(repr=False, compare=False)

    @property
    def mark(self) -> str:
        """A digest of all that readings with this layout depend on."""
        content = self.entries.model_copy(update={"picture": ""}).model_dump_json()
        return digest(content, str(self.sample.shape), self.sample.tobytes())

    def save(self, folder: Path) -> Path:
        """Write both files to `folder` under `name`; the YAML file, which is returned, is written last.

        Raises:
            TriptychError: a file cannot be written.
        """
        path = folder / f"{self.name}.yaml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(folder, error) from None
        with whole_file(folder / f"{self.name}.png") as part:
            Image.fromarray(self.sample).save(part, format="PNG")
        entries = self.entries.model_copy(update={"picture": f"{self.name}.png"})
        write_atomically(path, entries.to_yaml().encode())
        return path


def make_layout_file(name: str, entries: LayoutEntries, sample: Pixels, source: str) -> LayoutFile:
    """The layout that `entries` and `sample` [H, W, 3] describe; `source` is its name in messages.

    Raises:
        TriptychError: a box does not fit the sample, or nothing is printed in the box of a name.
    """
    gray = grey(sample)
    try:
        slots = tuple(_slot(gray, entry, entries.fields) for entry in entries.fields)
    except ValueError as error:
        raise TriptychError(f"{source}: {error}") from None
    layout = Layout(
        size=(gray.shape[1], gray.shape[0]),
        slots=slots,
        decimals=entries.decimals,
        scales=() if entries.um_per_radius is None else (entries.um_per_radius,),
        name=name,
        given=True,
        ignored=entries.ignored,
    )
    return LayoutFile(name, entries, sample, layout)


def describe_layout(name: str, layout: Layout, sample: Pixels) -> LayoutFile:
    """The file of a learned `layout`; `sample` [H, W, 3] is the upright page of a record of it.

    Values without a name are left out, because they are not read.
    """
    entries = describe_entries(layout, f"{name}.png")
    return make_layout_file(name, entries, sample, name)


def describe_entries(layout: Layout, picture: str) -> LayoutEntries:
    """The entries of `layout`, whose sample picture is named `picture`."""
    scale = layout.known.um_per_radius
    return LayoutEntries(
        picture=picture,
        decimals=layout.decimals,
        um_per_radius=None if scale is None else round(scale, 4),
        fields=tuple(_entry(slot, layout.size) for slot in layout.slots if slot.name),
    )


def load_layout_file(path: StrPath) -> LayoutFile:
    """The layout in the YAML file `path` and the picture beside it.

    Raises:
        TriptychError: a file is missing, damaged or too large, or the YAML has unknown keys or wrong values.
    """
    path = as_path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "not a text file"
        raise TriptychError(f"{path}: the layout cannot be read ({reason}); check the path") from None
    entries = parse_entries(text, str(path))
    picture = path.parent / entries.picture
    if not picture.is_file():
        raise TriptychError(f"{path}: its sample picture {entries.picture} does not lie beside it; put it there")
    sample = np.asarray(Record(str(picture), picture).load_image())
    with Image.open(picture) as header:  # which was just decoded
        if sample.shape[0] * sample.shape[1] < header.width * header.height:
            raise TriptychError(
                f"{picture}: is too large for a sample picture, to whose pixels the boxes refer; learn the layout "
                "instead, which writes a reduced one: triptych layouts learn"
            )
    return make_layout_file(path.stem, entries, sample, str(path))


def load_layout_files(paths: Iterable[StrPath]) -> tuple[LayoutFile, ...]:
    """The layouts in `paths`, which are YAML files, or folders of them.

    Raises:
        TriptychError: a folder has no layout, two layouts have the same name, or as `load_layout_file`.
    """
    found = [load_layout_file(file) for path in paths for file in layout_paths(path)]
    names = [file.name for file in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TriptychError(f"{twice[0]}: two layout files have this name; rename one, or give only one of them")
    return tuple(found)


def layout_paths(path: StrPath) -> Sequence[Path]:
    """The layout files that `path` names: itself, or all in the folder.

    Raises:
        TriptychError: the folder has none.
    """
    path = as_path(path)
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise TriptychError(f"{path}: the folder has no layout files (.yaml); make some: triptych layouts learn")
    return files


def _entry(slot: Slot, size: tuple[int, int]) -> FieldEntry:
    known = meaning_of(slot.label) if slot.label else None
    return FieldEntry(
        name=slot.name,
        meaning=known,
        unit=unit_of(slot.label) if slot.label and known else None,
        name_box=None if slot.patch is None else box_entry(slot.label_box),
        value_box=box_entry(slot.used.grown(CLEARANCE, CLEARANCE).inside((size[1], size[0]))),
    )


def _slot(gray: Gray, entry: FieldEntry, fields: Sequence[FieldEntry]) -> Slot:
    """The slot of `entry` on the sample `gray` [H, W].

    Raises:
        ValueError: a box does not fit the sample, or nothing is printed in the box of the name.
    """
    used = Box(*entry.value_box)
    inside = used.inside(gray.shape)
    if inside.width < 1 or inside.height < 1:
        size = f"{gray.shape[1]} x {gray.shape[0]} px"
        raise ValueError(f"field {entry.name!r}: its value_box lies outside of the picture, which has {size}")
    names = [Box(*each.name_box) for each in fields if each.name_box]
    values = [_halfway(inside, Box(*each.value_box)) for each in fields if each is not entry]
    others = [*names, *values]
    region = value_region(gray, inside, inside.height, others)
    if is_cut(gray, region) and (ink := extent(gray, inside)):  # the box reaches over a ruled line, for example
        region = value_region(gray, ink, ink.height, others)
    region = _beside_others(region, inside, others)
    if entry.name_box is None:
        beside = Box(region.x0 - 1, region.y0, region.x0 - 1, region.y1)
        return Slot(entry.name, entry.label, beside, inside, region, None, bounded=cut_sides(gray, region))
    label_box = Box(*entry.name_box).inside(gray.shape)
    x0, y0, x1, y1 = (int(v) for v in label_box)
    patch = gray[y0:y1, x0:x1]
    if is_blank(patch):
        raise ValueError(f"field {entry.name!r}: nothing is printed in its name_box, by which it would be recognised")
    return Slot(entry.name, entry.label, label_box, inside, region, patch.copy(), bounded=cut_sides(gray, region))


def _halfway(used: Box, other: Box) -> Box:
    """The box `other` of another value, extended halfway towards the value `used` beside it; both may be wider."""
    middle = (max(used.x0, other.x0) + min(used.x1, other.x1)) / 2
    if other.x1 <= used.x0:
        return other._replace(x1=middle)
    return other._replace(x0=middle) if other.x0 >= used.x1 else other


def _beside_others(region: Box, used: Box, others: Sequence[Box]) -> Box:
    """`region` without what it shares with `others` on the line of its value `used`, such as the value's own name."""
    line = [box for box in others if box.y0 < used.y1 and box.y1 > used.y0]
    left = max((box.x1 for box in line if box.x1 <= used.x0 + 1), default=region.x0)
    right = min((box.x0 for box in line if box.x0 >= used.x1 - 1), default=region.x1)
    return region._replace(x0=max(region.x0, min(left, used.x0)), x1=min(region.x1, max(right, used.x1)))
