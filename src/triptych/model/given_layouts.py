"""The given layouts of a model, in the subfolder `layouts` of its folder; `readings.json` lists their names."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from triptych.errors import TriptychError
from triptych.paths import StrPath
from triptych.preparation.state import GIVEN
from triptych.reading.layout_file import LayoutFile, layout_paths, load_layout_file, load_layout_files

FOLDER = "layouts"
SUFFIXES = (".yaml", ".png")
READINGS = "readings.json"


def save_layouts(layouts: Iterable[LayoutFile], folder: Path) -> None:
    """Write `layouts` to the model's `folder`, and delete those of an earlier model there.

    Raises:
        TriptychError: a file cannot be written.
    """
    remove_layouts(folder)
    for layout in layouts:
        layout.save(folder / FOLDER)


def load_layouts(folder: Path) -> tuple[LayoutFile, ...]:
    """The given layouts of the model in `folder`.

    Raises:
        TriptychError: a file is missing or damaged.
    """
    return tuple(load_layout_file(folder / FOLDER / f"{name}.yaml") for name in layout_names(folder))


def layout_names(folder: Path) -> list[str]:
    """The names of the given layouts of the model in `folder`; none if there is no model that can be read."""
    try:
        kept = json.loads((folder / READINGS).read_text(encoding="utf-8"))
        return [str(name) for name in kept.get(GIVEN, []) if Path(str(name)).name == str(name)]
    except (OSError, ValueError, AttributeError):
        return []


def layout_files(folder: Path) -> list[str]:
    """The files of the given layouts of the model in `folder`, relative to it."""
    return [f"{FOLDER}/{name}{suffix}" for name in layout_names(folder) for suffix in SUFFIXES]


def remove_layouts(folder: Path) -> None:
    """Delete the given layouts of the model in `folder`, and no other files."""
    files = layout_files(folder)
    for file in files:
        (folder / file).unlink(missing_ok=True)
    if files and (folder / FOLDER).is_dir() and not any((folder / FOLDER).iterdir()):
        (folder / FOLDER).rmdir()


def check_layouts_place(paths: Sequence[StrPath], folder: Path) -> None:
    """Check that the layouts in `paths` can be read and written to the model's `folder`.

    Raises:
        TriptychError: they cannot be read, or the folder has files of these names that are not of a model.
    """
    ours = set(layout_files(folder))
    stems = [path.stem for given in paths for path in layout_paths(given)]
    files = [f"{FOLDER}/{stem}{suffix}" for stem in stems for suffix in SUFFIXES]
    if foreign := [file for file in files if (folder / file).exists() and file not in ours]:
        raise TriptychError(
            f"{folder}: holds {', '.join(foreign)}, which would be replaced by the model's copy; choose another folder "
            "for the model, or for the layouts"
        )
    load_layout_files(paths)


def with_layouts(own: Sequence[LayoutFile], further: Sequence[LayoutFile]) -> tuple[LayoutFile, ...]:
    """`further` layouts, and those of `own` that have other names."""
    names = {layout.name for layout in further}
    return (*further, *(layout for layout in own if layout.name not in names))
