"""Inspection records: what they are, where they come from, how they are split."""

from triptych.records.depth import Depth, learn_depth
from triptych.records.fields import Readings
from triptych.records.folder import image_records
from triptych.records.inputs import as_record_set
from triptych.records.manifest import frame_records
from triptych.records.normal import find_normal
from triptych.records.notes import summarised
from triptych.records.picture import Decoder
from triptych.records.record import Record
from triptych.records.recordset import Failure, RecordSet
from triptych.records.sources import labelled_records, open_records, split_records
from triptych.records.splits import ensure_splits, stratified_split

__all__ = [
    "Decoder",
    "Depth",
    "Failure",
    "Readings",
    "Record",
    "RecordSet",
    "as_record_set",
    "ensure_splits",
    "find_normal",
    "frame_records",
    "image_records",
    "labelled_records",
    "learn_depth",
    "open_records",
    "split_records",
    "stratified_split",
    "summarised",
]
