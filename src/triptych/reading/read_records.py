"""Reads the pictures of many records into the rows of a table, and builds readers with a cached OCR engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from triptych.cache import Cache
from triptych.errors import RecordError
from triptych.plugins import build
from triptych.progress import Track
from triptych.reading.cached_engine import CachedEngine
from triptych.reading.learned_layout import Layout
from triptych.reading.reader import Reader
from triptych.reading.reading import Field, Reading
from triptych.reading.samples import Samples
from triptych.reading.vocabulary import Vocabulary
from triptych.records import Failure, RecordSet, summarised
from triptych.records.fields import MOMENTS, TOTAL, order_fields

FIELD_COLUMNS = ("image", "field", "printed", "text", "value", "certainty", "checks")


@dataclass(frozen=True)
class ReadingTable:
    """The readings of many records.

    Attributes:
        rows: one per record, in order.
        columns: of `rows`.
        failures: the records that could not be read.
        warnings: what else the user should know.
        fields: one row per printed field, with the columns `FIELD_COLUMNS`.
        layouts: all layouts that the reader knew in the end.
    """

    rows: list[dict[str, object]]
    columns: list[str]
    failures: list[Failure]
    warnings: tuple[str, ...] = ()
    fields: tuple[dict[str, object], ...] = ()
    layouts: tuple[Layout, ...] = ()


def read_records(
    records: RecordSet,
    ocr: str,
    track: Track,
    vocabulary: Vocabulary | None = None,
    layouts: Sequence[Layout] = (),
    samples: Samples | None = None,
) -> ReadingTable:
    """Read the pictures of many records.

    Values of more than 8 bits are scaled by each picture's own range, so a row does not depend on other pictures.

    Args:
        records: the records.
        ocr: the name of the OCR engine.
        track: shows the progress.
        vocabulary: the known words of printed names; None: those that come with Triptych.
        layouts: known layouts.
        samples: to which every reading is added.
    """
    cache = Cache()
    reader = open_reader(ocr, cache, layouts, vocabulary=vocabulary)
    rows: list[dict[str, object]] = []
    fields: list[dict[str, object]] = []
    failures: list[Failure] = []
    notes: list[tuple[str, str]] = []
    for record in track(records, "Read"):
        try:
            picture = record.load_picture()
            reading = reader.read(picture.image)
            if samples is not None:
                samples.add(record.id, picture.image, reading)
            rows.append(_row(record.id, reading))
            fields += [_field_row(record.id, field) for field in reading.fields]
            notes += [(record.id, note) for note in picture.notes]
        except RecordError as error:
            failures.append(Failure(record.id, str(error)))
            rows.append({"image": record.id, "ok": False, "problems": str(error)})
    cache.close()
    found = (name for row in rows for name in row if name not in ("image", "ok", "problems"))
    columns = ["image", "ok", *order_fields([TOTAL, *MOMENTS, *found]), "problems"]
    return ReadingTable(rows, columns, failures, summarised(notes), tuple(fields), tuple(reader.layouts))


def open_reader(
    ocr: str,
    cache: Cache,
    layouts: Sequence[Layout] = (),
    *,
    learn: bool = True,
    search: bool = True,
    vocabulary: Vocabulary | None = None,
) -> Reader:
    """A reader with the OCR engine that `ocr` names (`none`: no OCR); its results are kept in `cache`."""
    engine = None if ocr == "none" else build("ocr", ocr)
    cached = CachedEngine(engine, cache) if engine else None
    return Reader(cached, layouts, learn=learn, search=search, vocabulary=vocabulary)


def _row(name: str, reading: Reading) -> dict[str, object]:
    return {"image": name, "ok": reading.ok, **reading.values, "problems": "; ".join(reading.problems)}


def _field_row(name: str, field: Field) -> dict[str, object]:
    number = field.value if isinstance(field.value, float) else None  # words stand in `text`
    values = (name, field.name, field.printed, field.text, number, field.certainty, "; ".join(field.checks))
    return dict(zip(FIELD_COLUMNS, values, strict=True))
