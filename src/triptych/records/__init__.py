"""Inspection records: their types, how they are loaded, and how they are split."""

from triptych.records.bit_depth import BitDepth, learn_depth
from triptych.records.fields import Readings
from triptych.records.folder import image_records
from triptych.records.inputs import as_record_set
from triptych.records.manifest import frame_records
from triptych.records.normal_class import find_normal
from triptych.records.notes import summarised
from triptych.records.picture import Decoder
from triptych.records.record import Record
from triptych.records.recordset import Failure, RecordSet
from triptych.records.sources import labelled_records, open_records, split_records
from triptych.records.splits import ensure_splits, stratified_split

__all__ = [
    "BitDepth",
    "Decoder",
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
