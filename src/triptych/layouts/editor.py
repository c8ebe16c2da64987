"""Edits one layout file: what its page shows, saves, and reads again from the sample picture."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from triptych.errors import TriptychError
from triptych.files import write_atomically
from triptych.model.folder import WEIGHTS
from triptych.model.given_layouts import FOLDER
from triptych.reading import Reader
from triptych.reading.box import Box
from triptych.reading.cell import Cell
from triptych.reading.checks import name_of
from triptych.reading.layout_entries import FieldEntry, LayoutEntries, make_entries
from triptych.reading.layout_file import LayoutFile, load_layout_file, make_layout_file
from triptych.reading.meanings import VARIANCES
from triptych.reading.ocr import OcrEngine, Word
from triptych.reading.reading import Field, Reading, names_in
from triptych.records.fields import MOMENTS, TOTAL

MEANINGS = (TOTAL, *MOMENTS, "3 sigma_x", "3 sigma_y", *VARIANCES)
UNITS = ("um", "mm", "nm", "mil", "inch", "uin")
BACKUP = ".bak"


@dataclass
class LayoutEditor:
    """An open layout file.

    Attributes:
        path: the YAML file.
        engine: the OCR engine that reads the sample again.
    """

    path: Path
    engine: OcrEngine
    _file: LayoutFile = field(init=False)
    _bytes: bytes = field(init=False)

    def __post_init__(self) -> None:
        folder = self.path.resolve().parent
        if folder.name == FOLDER and (folder.parent / WEIGHTS).is_file():
            raise TriptychError(
                f"{self.path}: belongs to a model and is not changed; copy it with its picture, edit the copy, and "
                "give it with --layouts"
            )
        self._file = load_layout_file(self.path)
        self._bytes = self.path.read_bytes()

    @property
    def picture(self) -> bytes:
        """The sample picture as PNG."""
        buffer = io.BytesIO()
        Image.fromarray(self._file.sample).save(buffer, format="PNG")
        return buffer.getvalue()

    def contents(self) -> dict[str, Any]:
        """What the page starts with: the entries, the picture's size, and the meanings and units to choose from."""
        entries = {"fields": [], "ignore": []} | self._file.entries.plain()
        used = [each.known_meaning for each in self._file.entries.fields if each.known_meaning]
        others = [meaning for meaning in used if meaning not in MEANINGS and not meaning.startswith("ring_")]
        return {
            "entries": entries,
            "size": self._file.layout.size,
            "meanings": [*MEANINGS, *dict.fromkeys(others)],
            "units": UNITS,
        }

    def save(self, values: object) -> str:
        """Write `values`, as in `contents`, to the file, keep the previous one beside it, and return a message.

        Raises:
            TriptychError: they are not a layout, the file was changed meanwhile, or it cannot be written.
        """
        changed = self._made(values)
        try:
            found = self.path.read_bytes()
        except OSError:
            found = b""
        if found not in (self._bytes, b""):
            raise TriptychError(f"{self.path}: was changed by another program meanwhile; reload this page first")
        backup = self.path.with_name(self.path.name + BACKUP)
        if found:
            write_atomically(backup, found)
        content = changed.entries.to_yaml().encode()
        write_atomically(self.path, content)
        self._file, self._bytes = changed, content
        return f"Saved. The previous file is {backup.name}." if found else "Saved."

    def read(self, values: object) -> dict[str, Any]:
        """What the reader gets from the sample picture with the layout `values`, as in `contents`.

        Raises:
            TriptychError: they are not a layout.
        """
        file = self._made(values)
        reader = Reader(self.engine, [file.layout], learn=False)
        reading = reader.read(Image.fromarray(file.sample))
        by_name = {each.name: each for each in reading.fields}
        fields = [_result(_reading_name(entry), by_name, reading) for entry in file.entries.fields]
        count = sum(result["value"] is not None for result in fields)
        message = f"{count} of {len(fields)} fields read{'' if reading.ok else ', with problems'}."
        return {"ok": reading.ok, "message": message, "problems": reading.problems, "fields": fields}

    def _made(self, values: object) -> LayoutFile:
        """The layout of `values`; the picture stays the same.

        Raises:
            TriptychError: they are not a layout.
        """
        entries: LayoutEntries = make_entries(values, self.path.name)
        entries = entries.model_copy(update={"picture": self._file.entries.picture})
        return make_layout_file(self.path.stem, entries, self._file.sample, self.path.name)


def _reading_name(entry: FieldEntry) -> str:
    """The name of the reading of `entry`."""
    nowhere = Box(0, 0, 0, 0)
    return name_of(Cell(entry.name, entry.label, nowhere, Word("", nowhere, 0.0)))


def _result(name: str, fields: dict[str, Field], reading: Reading) -> dict[str, Any]:
    """What was read of the field `name`, for the page."""
    notes = [problem for problem in reading.problems if name in names_in(problem)]
    found = fields.get(name)
    if found is None:
        return {"text": "", "value": None, "certainty": "doubtful", "notes": notes or ["not read"]}
    value = reading.values.get(name)
    return {"text": found.text, "value": value, "certainty": found.certainty, "notes": [*notes, *found.checks]}
