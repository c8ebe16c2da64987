"""Stratified splits that keep all records of one image on one side."""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from triptych.records.record import Record
from triptych.records.recordset import RecordSet


def stratified_split(records: RecordSet, share: float, seed: int) -> tuple[RecordSet, RecordSet]:
    """Two parts of `records`: the rest, and about `share` of every class, drawn with `seed`.

    Records of one image stay together, because the picture of a test record may not be seen in training. Every class
    with two images or more is in both parts.
    """
    held_out = _draw(records, share, np.random.default_rng(seed))
    return (
        records.where(lambda record: _image_key(record) not in held_out),
        records.where(lambda record: _image_key(record) in held_out),
    )


def ensure_splits(records: RecordSet, seed: int, test_share: float = 0.2) -> RecordSet:
    """`records` as they are when their source names splits; else with `train` and `test` drawn with `seed`."""
    if any(record.split for record in records):
        return records
    test = _draw(records, test_share, np.random.default_rng(seed))
    named = (replace(record, split="test" if _image_key(record) in test else "train") for record in records)
    return replace(records, records=tuple(named))


def _draw(records: RecordSet, share: float, rng: np.random.Generator) -> set[object]:
    """The images that are held out; an image belongs to the class of its first record."""
    label_of: dict[object, str] = {}
    for record in records:
        label_of.setdefault(_image_key(record), record.label or "")
    images_of: dict[str, list[object]] = defaultdict(list)
    for image, label in label_of.items():
        images_of[label].append(image)
    held_out: set[object] = set()
    for label in sorted(images_of):
        images = images_of[label]
        count = min(max(round(share * len(images)), 1), len(images) - 1)
        held_out.update(images[i] for i in rng.permutation(len(images))[:count])
    return held_out


def _image_key(record: Record) -> object:
    """What tells one image from another: its path, or the object in memory."""
    return record.image if not hasattr(record.image, "tobytes") else id(record.image)
