"""Reads the pictures of many records into the rows of a table, and builds readers with a cached OCR engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from triptych.cache import Cache
from triptych.errors import RecordError
from triptych.plugins import build
from triptych.progress import Track
from triptych.reading.cached_engine import CachedEngine
from triptych.reading.learned_layout import Layout
from triptych.reading.reader import Reader, Reading
from triptych.reading.vocabulary import Vocabulary
from triptych.records import Failure, RecordSet, summarised
from triptych.records.fields import MOMENTS, TOTAL, order_fields


@dataclass(frozen=True)
class ReadingTable:
    """One row per record, in order; the columns of all rows; the records that could not be read; warnings."""

    rows: list[dict[str, object]]
    columns: list[str]
    failures: list[Failure]
    warnings: tuple[str, ...] = ()


def read_records(records: RecordSet, ocr: str, track: Track, vocabulary: Vocabulary | None = None) -> ReadingTable:
    """Read the pictures of `records` with the OCR engine that `ocr` names, and the words of `vocabulary`.

    Values of more than 8 bits are scaled by each picture's own range, so a row does not depend on other pictures.
    """
    cache = Cache()
    reader = open_reader(ocr, cache, vocabulary=vocabulary)
    rows: list[dict[str, object]] = []
    failures: list[Failure] = []
    notes: list[tuple[str, str]] = []
    for record in track(records, "Read"):
        try:
            picture = record.load_picture()
            rows.append(_row(record.id, reader.read(picture.image)))
            notes += [(record.id, note) for note in picture.notes]
        except RecordError as error:
            failures.append(Failure(record.id, str(error)))
            rows.append({"image": record.id, "ok": False, "problems": str(error)})
    cache.close()
    found = (name for row in rows for name in row if name not in ("image", "ok", "problems"))
    fields = order_fields([TOTAL, *MOMENTS, *found])
    return ReadingTable(rows, ["image", "ok", *fields, "problems"], failures, summarised(notes))


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
