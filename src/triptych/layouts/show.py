"""The page that shows what was read: a sample picture of each layout with its fields, and what is in doubt.

It is one file without scripts and without references to other files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triptych import __version__
from triptych.layouts.sheets import Sheet, file_sheet, layout_sheets, unknown_sheets
from triptych.reading.layout_file import LayoutFile
from triptych.reading.learned_layout import Layout
from triptych.reading.samples import Samples
from triptych.records import Failure
from triptych.report.formatting import count
from triptych.report.html import package_text, template_environment


@dataclass(frozen=True)
class _Contents:
    """What the page shows."""

    title: str
    lede: str
    sheets: Sequence[Sheet]
    unknown: Sequence[Sheet] = ()
    more_unknown: Mapping[str, Sequence[str]] | None = None
    without_table: Sequence[str] = ()
    failures: Sequence[Failure] = ()


def readings_page(samples: Samples, layouts: Sequence[Layout], failures: Sequence[Failure], ok: int, of: int) -> str:
    """The page of what was read from `of` pictures, `ok` of which were read in full; `layouts` are the reader's."""
    sheets = layout_sheets(samples, layouts)
    given = sum(sheet.given for sheet in sheets)
    known = f"{count(len(sheets), 'layout')}{f', {given} of them given' if given else ''}"
    lede = f"{ok:,} of {count(of, 'picture')} read in full. {known}."
    contents = _Contents(
        "What was read",
        lede,
        sheets,
        unknown_sheets(samples),
        samples.more_unknown,
        samples.without_table,
        failures,
    )
    return _render(contents)


def layouts_page(files: Sequence[LayoutFile]) -> str:
    """The page of layout files: their sample pictures with the boxes of their fields."""
    sheets = [file_sheet(number, file) for number, file in enumerate(files, start=1)]
    return _render(_Contents("Layouts", f"{count(len(sheets), 'layout')}, with the boxes of the fields.", sheets))


def _render(contents: _Contents) -> str:
    template = template_environment("triptych.layouts").get_template("show.html.j2")
    return template.render(
        page=contents,
        version=__version__,
        count=count,
        style=package_text("triptych.report", "report.css") + package_text("triptych.layouts", "sheets.css"),
    )
