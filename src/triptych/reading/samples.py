"""Keeps a sample picture of each layout while many records are read, and what could not be read."""

from dataclasses import dataclass, field

from PIL import Image

from triptych.reading.ocr import Pixels
from triptych.reading.page import Page
from triptych.reading.reading import Reading

MAX_UNKNOWN = 12  # pictures that are kept of records whose layout could not be learned


@dataclass(frozen=True)
class Sample:
    """A record that stands for its layout.

    Attributes:
        id: the record's id.
        reading: its reading.
        pixels: its upright page, [H, W, 3].
    """

    id: str
    reading: Reading
    pixels: Pixels = field(repr=False, compare=False)


@dataclass
class SampledLayout:
    """The records of one layout.

    Attributes:
        sample: the first record without a problem; if there is none, the first record.
        count: the number of records.
        problems: the problems of each record that has some, by id.
    """

    sample: Sample
    count: int = 0
    problems: dict[str, list[str]] = field(default_factory=dict)

    def add(self, id: str, reading: Reading, image: Image.Image) -> None:
        """Count one more record."""
        self.count += 1
        if reading.problems:
            self.problems[id] = reading.problems
        elif self.sample.reading.problems:
            self.sample = _sample(id, reading, image)


@dataclass
class Samples:
    """What was seen of many records.

    Attributes:
        layouts: the records of each layout, by its index in `Reader.layouts`.
        unknown: up to `MAX_UNKNOWN` records with a table, but without a layout.
        more_unknown: the problems of further such records, by id.
        without_table: the ids of pictures without a table.
    """

    layouts: dict[int, SampledLayout] = field(default_factory=dict)
    unknown: list[Sample] = field(default_factory=list)
    more_unknown: dict[str, list[str]] = field(default_factory=dict)
    without_table: list[str] = field(default_factory=list)

    def add(self, id: str, image: Image.Image, reading: Reading) -> None:
        """Add the `reading` of the picture `image` of record `id`."""
        if not reading.table:
            self.without_table.append(id)
        elif reading.layout is not None:
            if reading.layout not in self.layouts:
                self.layouts[reading.layout] = SampledLayout(_sample(id, reading, image))
            self.layouts[reading.layout].add(id, reading, image)
        elif len(self.unknown) < MAX_UNKNOWN:
            self.unknown.append(_sample(id, reading, image))
        else:
            self.more_unknown[id] = reading.problems


def _sample(id: str, reading: Reading, image: Image.Image) -> Sample:
    return Sample(id, reading, Page.of(image, reading.quarters).pixels)
