"""Opens layouts for listing and showing: of a file, a folder of files, or a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from triptych.errors import TriptychError
from triptych.model.folder import WEIGHTS, load_model
from triptych.reading.layout_entries import LayoutEntries
from triptych.reading.layout_file import LayoutFile, describe_entries, load_layout_files
from triptych.reading.learned_layout import Layout


@dataclass(frozen=True)
class NamedLayout:
    """A layout and its name.

    Attributes:
        name: its name.
        layout: the layout.
        entries: its entries, as in a layout file.
        file: its file; None for a layout that a model learned.
    """

    name: str
    layout: Layout
    entries: LayoutEntries
    file: LayoutFile | None = None


def open_layouts(source: Path) -> list[NamedLayout]:
    """The layouts in `source`: a layout file, a folder of them, or the folder of a model.

    Raises:
        TriptychError: there are none, or they cannot be read.
    """
    if not (source / WEIGHTS).is_file():
        return [_of_file(file) for file in load_layout_files([source])]
    state = load_model(source).state
    learned = [
        NamedLayout(f"learned-{number}", layout, describe_entries(layout, f"learned-{number}.png"))
        for number, layout in enumerate(state.layouts, start=1)
    ]
    return [*map(_of_file, state.given or ()), *learned]


def choose(layouts: Sequence[NamedLayout], name: str | None, source: Path) -> Sequence[NamedLayout]:
    """The one of `layouts` called `name`, or all of them if `name` is None; `source` is named in messages.

    Raises:
        TriptychError: there is no such layout.
    """
    found = [layout for layout in layouts if name in (None, layout.name)]
    if not found:
        names = ", ".join(layout.name for layout in layouts) or "none"
        raise TriptychError(f"{source}: has no layout {name or ''!r}; it has {names}")
    return found


def _of_file(file: LayoutFile) -> NamedLayout:
    return NamedLayout(file.name, file.layout, file.entries, file)
