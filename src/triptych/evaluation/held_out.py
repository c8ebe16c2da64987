"""Selects the records of a data set that a trained model was not trained on."""

from pathlib import Path

from triptych.errors import TriptychError
from triptych.model.model import Model
from triptych.records import RecordSet, ensure_splits, labelled_records
from triptych.records.splits import known_splits


def held_out_records(model: Model, data: Path, group: str | None = None) -> RecordSet:
    """The labelled records of `data` with splits; without a test split, the one that training set aside is drawn again.

    Args:
        model: the trained model.
        data: a data folder or a manifest.
        group: the column of groups; None uses the model's.

    Raises:
        TriptychError: as `labelled_records`; or `data` has no test split, and its groups differ from those of the
            training, so that training records would be scored.
    """
    column = group or model.config.group
    records = known_splits(labelled_records(data, column, need_group=group is not None))
    if any(record.split == "test" for record in records):
        return ensure_splits(records, model.config.seed)
    trained = (model.metrics.get("groups") or {}).get("column")
    asked = column or "group"
    if trained and asked != trained:
        raise TriptychError(
            f"--group {asked}: the model was trained with the groups of column {trained!r}, so with other groups, "
            f"test records may be among its training records. Use --group {trained}, or give DATA a test split"
        )
    if bool(trained) != any(record.group is not None for record in records):
        was, has = ("with", "has none") if trained else ("without", "has some")
        raise TriptychError(
            f"{data}: the model was trained {was} groups and this data set {has}, so its training records "
            "cannot be excluded. Give DATA a test split, or train again"
        )
    return ensure_splits(records, model.config.seed)
