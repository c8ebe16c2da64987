"""Sheets: a sample picture of a layout with its fields, prepared for display."""

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from triptych.reading.box import Box
from triptych.reading.layout_file import LayoutFile
from triptych.reading.learned_layout import Layout
from triptych.reading.meanings import unit_name
from triptych.reading.ocr import Pixels
from triptych.reading.reading import Field, names_in
from triptych.reading.samples import Sample, SampledLayout, Samples
from triptych.records.fields import MOMENTS
from triptych.report.formatting import NONE, reading_name

MAX_SIDE = 2_000  # px of an embedded picture; boxes keep the coordinates of the full one

CERTAINTIES = {"checked": "Checked", "read": "Not confirmed", "doubtful": "In doubt"}


@dataclass(frozen=True)
class Row:
    """A field of a sheet.

    Attributes:
        number: its number on the picture.
        printed: its name as printed.
        meaning: its name in tables, in words; empty if it is the printed one.
        text: the value as printed; empty if it looks like the value in tables.
        value: the value in tables, with its unit.
        unit: the printed unit.
        certainty: `checked`, `read` or `doubtful`; empty if nothing was read.
        sure: the same in words.
        checks: what was checked against what.
        doubts: what is in doubt.
        name_box: the box of the printed name; None if there is none.
        value_box: the box of the value.
    """

    number: int
    printed: str
    meaning: str
    text: str
    value: str
    unit: str
    certainty: str
    sure: str
    checks: tuple[str, ...]
    doubts: tuple[str, ...]
    name_box: Box | None
    value_box: Box


@dataclass(frozen=True)
class Sheet:
    """A picture with its fields.

    Attributes:
        anchor: its anchor in the page.
        title: the layout's name.
        given: whether a person gave the layout.
        picture: the picture as a `data:` URI.
        alt: a description of the picture.
        size: px, width and height of the coordinates.
        rows: the fields.
        count: the number of records; None if none were counted.
        problems: the problems of each record that has some, by id.
        ignored: boxes that are never read.
    """

    anchor: str
    title: str
    given: bool
    picture: str
    alt: str
    size: tuple[int, int]
    rows: list[Row]
    count: int | None
    problems: dict[str, list[str]]
    ignored: tuple[Box, ...] = ()


def layout_sheets(samples: Samples, layouts: Sequence[Layout]) -> list[Sheet]:
    """A sheet for each of `layouts` that records have, the most frequent first."""
    ordered = sorted(samples.layouts.items(), key=lambda item: -item[1].count)
    return [_layout_sheet(number, found, layouts[index]) for number, (index, found) in enumerate(ordered, start=1)]


def unknown_sheets(samples: Samples) -> list[Sheet]:
    """A sheet for each record whose layout could not be learned."""
    return [
        _sheet(f"record-{number}", sample.id, sample, {sample.id: sample.reading.problems}, None)
        for number, sample in enumerate(samples.unknown, start=1)
    ]


def file_sheet(number: int, file: LayoutFile) -> Sheet:
    """The sheet of a layout file; nothing is read."""
    rows = [
        Row(
            number=place,
            printed=entry.name,
            meaning=entry.meaning or "",
            text="",
            value="",
            unit=entry.unit or "",
            certainty="",
            sure="",
            checks=(),
            doubts=(),
            name_box=Box(*entry.name_box) if entry.name_box else None,
            value_box=Box(*entry.value_box),
        )
        for place, entry in enumerate(file.entries.fields, start=1)
    ]
    picture, alt = data_uri(file.sample), f"The sample picture of the layout {file.name}"
    areas = file.entries.ignored.areas
    return Sheet(f"layout-{number}", file.name, True, picture, alt, file.layout.size, rows, None, {}, areas)


def data_uri(pixels: Pixels) -> str:
    """`pixels` [H, W, 3] as a PNG in a `data:` URI, reduced to `MAX_SIDE`."""
    image, buffer = Image.fromarray(pixels), io.BytesIO()
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    image.save(buffer, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _layout_sheet(number: int, found: SampledLayout, layout: Layout) -> Sheet:
    title = layout.name if layout.given else f"Layout {number}"
    return _sheet(f"layout-{number}", title, found.sample, found.problems, found.count, layout)


def _sheet(
    anchor: str,
    title: str,
    sample: Sample,
    problems: dict[str, list[str]],
    count: int | None,
    layout: Layout | None = None,
) -> Sheet:
    reading, (height, width) = sample.reading, sample.pixels.shape[:2]
    rows = [_row(number, field, reading.problems) for number, field in enumerate(reading.fields, start=1)]
    return Sheet(
        anchor=anchor,
        title=title,
        given=layout is not None and layout.given,
        picture=data_uri(sample.pixels),
        alt=f"The picture {sample.id}",
        size=(width, height),
        rows=rows,
        count=count,
        problems=problems,
        ignored=layout.ignored.areas if layout else (),
    )


def _row(number: int, field: Field, problems: Sequence[str]) -> Row:
    heading = reading_name(field.name)
    return Row(
        number=number,
        printed=field.printed,
        meaning="" if field.name == field.printed else heading,
        text="" if _is_value(field) else field.text,
        value=_value(field),
        unit=unit_name(field.unit) if field.unit and field.name in MOMENTS else "",
        certainty=field.certainty,
        sure=CERTAINTIES[field.certainty],
        checks=field.checks,
        doubts=tuple(_about(field.name, problems)),
        name_box=field.label_box if field.label_box.width > 0 and field.label_box != field.box else None,
        value_box=field.box,
    )


def _is_value(field: Field) -> bool:
    try:
        return field.value == field.text or float(field.text) == field.value
    except ValueError:
        return False


def _value(field: Field) -> str:
    if field.value is None:
        return NONE
    if isinstance(field.value, str):
        return field.value
    return f"{field.value:.6g} µm" if field.name in MOMENTS else f"{field.value:.12g}"


def _about(name: str, problems: Sequence[str]) -> Iterator[str]:
    """The problems that name the field `name`, without its name."""
    for problem in problems:
        if name in names_in(problem):
            yield problem.partition(":")[2].strip()
