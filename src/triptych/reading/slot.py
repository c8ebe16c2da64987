"""The place of one value in a learned layout, and what is known of the values that were read there."""

import base64
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.reading.box import Box
from triptych.reading.cell import Cell, Key
from triptych.reading.ocr import Word
from triptych.reading.printed_names import Label, Ring
from triptych.reading.units import as_digits

Gray = NDArray[np.uint8]

BEYOND = 3  # px by which a region extends beyond its values at least; ink at its edge is cut off
TRIAL = 6  # records in which known characters and OCR gave the same text, before the former are trusted
WORDS = -1  # in place of the number of decimals


@dataclass(frozen=True)
class Slot:
    """The position of one value.

    Attributes:
        name: its name as printed.
        label: the meaning of the name, None for an unknown field.
        label_box: the box of the name.
        used: the box around all values so far.
        region: the free space that a value may take.
        patch: the template image of the name, [h, w]; None for a value whose name is not printed.
        alike: records since known characters and OCR gave different numbers in which they gave the same.
        decimals: numbers of decimal places of its values in these records.
        bounded: whether other print, of all records, touches the region on its left and on its right.
        mark: the decimal mark of its page, "." or ","; "" if it is not known.
    """

    name: str
    label: Label | None
    label_box: Box
    used: Box
    region: Box
    patch: Gray | None = field(repr=False, compare=False)
    alike: int = field(default=0, compare=False)
    decimals: tuple[int, ...] = field(default=(), compare=False)
    bounded: tuple[bool, bool] = (False, False)
    mark: str = field(default="", compare=False)

    def cell(self, value: Word) -> Cell:
        """The cell with `value` in it."""
        return Cell(self.name, self.label, self.label_box, value, mark=self.mark)

    @property
    def key(self) -> Key:
        """The key of its cell."""
        return self.cell(Word("", self.region, 0.0)).key

    def trusts(self, text: str) -> bool:
        """Whether its value is `text` if known characters show that.

        Words with letters are not trusted, because an unknown letter may be like a digit.
        """
        cell = self.cell(Word(text, self.region, 1.0))
        plain = cell.number is not None or not any(map(str.isalpha, text))
        return plain and self.alike >= TRIAL and _decimals(cell) in self.decimals

    def compared(self, cell: Cell, shown: str | None) -> "Slot":
        """The slot after a record with the verified value of `cell`, of which known characters showed `shown`."""
        if shown is None:
            return self
        as_shown = replace(cell, value=replace(cell.value, text=shown))
        if as_digits(cell.value.text) == shown:
            return replace(self, alike=self.alike + 1, decimals=tuple(sorted({*self.decimals, _decimals(cell)})))
        # A decimal point may be too faint to be a piece of ink; the number of decimals then tells.
        return self if _decimals(as_shown) != _decimals(cell) else replace(self, alike=0)

    def merged(self, other: "Slot") -> "Slot":
        """The slot of two records: the region that is free in both, and at least the boxes of both values."""
        used = self.used.union(other.used)
        return replace(self, used=used, region=used.grown(BEYOND, 0).union(self.region.overlap(other.region)))


def _decimals(cell: Cell) -> int:
    """Decimal places of the number in `cell`; `WORDS` if it is none."""
    return cell.number.decimals if cell.number else WORDS


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """`slot` as plain data for a JSON file; `slot_from_json` reads it."""
    import cv2

    label = asdict(slot.label) if slot.label else None
    if label and label["ring"] and math.isinf(label["ring"]["high"]):
        label["ring"]["high"] = None  # JSON has no infinity
    png = None if slot.patch is None else cv2.imencode(".png", slot.patch)[1]
    return {
        "name": slot.name,
        "label": label,
        "label_box": [float(v) for v in slot.label_box],
        "used": [float(v) for v in slot.used],
        "region": [float(v) for v in slot.region],
        "patch": None if png is None else base64.b64encode(png.tobytes()).decode(),
        "alike": slot.alike,
        "decimals": list(slot.decimals),
        "mark": slot.mark,
    }


def slot_from_json(data: Mapping[str, Any]) -> Slot:
    """The slot that `slot_to_json` wrote.

    Raises:
        KeyError, ValueError, TypeError: `data` is not a slot.
    """
    import cv2

    label = data["label"]
    if label:
        ring = label["ring"]
        high = math.inf if ring and ring["high"] is None else ring and ring["high"]
        label = Label(**{**label, "ring": Ring(**{**ring, "high": high}) if ring else None})
    patch = None
    if data["patch"] is not None:
        pixels = np.frombuffer(base64.b64decode(data["patch"]), dtype=np.uint8)
        patch = np.asarray(cv2.imdecode(pixels, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    label_box, used, region = (Box(*data[name]) for name in ("label_box", "used", "region"))
    alike, decimals = int(data.get("alike", 0)), tuple(data.get("decimals", ()))
    mark = str(data.get("mark", ""))
    return Slot(data["name"], label, label_box, used, region, patch, alike, decimals, mark=mark)
