"""Stratified splits that keep all records of one image, and of one group, on one side."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from triptych.errors import TriptychError
from triptych.records.record import Record
from triptych.records.recordset import RecordSet

TRAIN, VAL, TEST = "train", "val", "test"
SPLITS = (TRAIN, VAL, TEST)
_SYNONYMS = {"training": TRAIN, "valid": VAL, "validation": VAL, "dev": VAL, "testing": TEST}
LEAST_LEFT = 2  # records of a class that stay for training when some are set aside
ORDERS = 20  # random orders in which groups are tried; the result closest to the shares is used
SHOWN = 3  # groups or classes that a message lists


def split_name(text: str) -> str | None:
    """The split `train`, `val` or `test` that `text` means, such as `Train` or `validation`; None if it means none."""
    folded = text.strip().casefold()
    return folded if folded in SPLITS else _SYNONYMS.get(folded)


def stratified_split(records: RecordSet, share: float, seed: int) -> tuple[RecordSet, RecordSet]:
    """Two parts of `records`: the rest, and about `share` of every class, drawn with `seed`.

    Records of one image, or of one group, stay together. Every class with at least two images (with groups, at least
    two groups) is in both parts.

    Raises:
        TriptychError: all records are of one group.
    """
    held_out = _draw(records, share, np.random.default_rng(seed), least_left=1)
    return (
        replace(records, records=tuple(r for r, held in zip(records, held_out, strict=True) if not held)),
        replace(records, records=tuple(r for r, held in zip(records, held_out, strict=True) if held)),
    )


def known_splits(records: RecordSet) -> RecordSet:
    """Check that all splits of `records` are `train`, `val` or `test`, and return `records`.

    If some records have a split, those without one are moved to `unused`.

    Raises:
        TriptychError: a record is in another split.
    """
    if unknown := [record for record in records if record.split and record.split not in SPLITS]:
        raise TriptychError(
            f"{unknown[0].id}: is in the split {unknown[0].split!r}, and {len(unknown)} record(s) in all are in an "
            f"unknown split; allowed are {', '.join(SPLITS)}. Rename it in the column 'split'"
        )
    if not any(record.split for record in records):
        return records
    return records.set_aside(lambda record: "" if record.split else "it names no split, and others do")


def ensure_splits(records: RecordSet, seed: int, test_share: float = 0.2) -> RecordSet:
    """`records` with a test split: unchanged if they have one, else drawn with `seed`.

    If no record has a split, about `test_share` of every class becomes `test` and the rest `train`. If there is `train`
    but no `test`, that share of `train` becomes `test`. Warnings report this, classes that are too small to divide, and
    groups that the given splits divide.

    Raises:
        TriptychError: records must be set aside, but all are of one group.
    """
    names = {record.split for record in records if record.split}
    if names and (TEST in names or TRAIN not in names):
        divided = divided_groups(records)
        return replace(records, warnings=(*records.warnings, *divided)) if divided else records
    source = records.where(lambda record: record.split == TRAIN) if names else records
    held = _draw(source, test_share, np.random.default_rng(seed), least_left=LEAST_LEFT)
    parts = iter(TEST if out else TRAIN for out in held)
    drawn = tuple(
        replace(record, split=next(parts)) if not names or record.split == TRAIN else record for record in records
    )
    found = replace(records, records=drawn)
    return replace(found, warnings=(*records.warnings, *divided_groups(found), _set_aside(found, bool(names), seed)))


def sides(records: Sequence[Record]) -> list[int]:
    """A number from 0 for every record; records that must stay together, by image or group, have the same number."""
    parents = list(range(len(records)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    first: dict[object, int] = {}
    for place, record in enumerate(records):
        for key in (("image", image_key(record)), ("group", record.group)):
            if key[1] is not None:
                low, high = sorted((root(first.setdefault(key, place)), root(place)))
                parents[high] = low
    roots = [root(place) for place in range(len(records))]
    numbers = {place: number for number, place in enumerate(dict.fromkeys(roots))}
    return [numbers[place] for place in roots]


def counts_by_side(records: Iterable[Record]) -> dict[str, int]:
    """The number of labelled records of each class, sorted; those that must stay together count as one."""
    labelled = [record for record in records if record.label is not None]
    distinct = {(record.label, side) for record, side in zip(labelled, sides(labelled), strict=True)}
    return dict(sorted(Counter(str(label) for label, _ in distinct).items()))


def divided_groups(records: RecordSet) -> list[str]:
    """A warning if the splits of `records` divide a group; empty otherwise."""
    splits: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.group is not None and record.split:
            splits[record.group].add(record.split)
    divided = [group for group, names in splits.items() if len(names) > 1]
    if not divided:
        return []
    listed = _listed(divided)
    return [
        f"{len(divided)} of {len(splits)} groups have records in several splits ({listed}); "
        "scores will be too good, because records of one group are alike. Correct the splits or leave them out"
    ]


def image_key(record: Record) -> object:
    """A key that identifies the image: its path, or the object in memory; None without an image."""
    if record.problem:
        return None
    return record.image if not hasattr(record.image, "tobytes") else id(record.image)


def folds(labels: Sequence[str], sides: Sequence[int], count: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """The indices of training and held-out records, for each of at most `count` folds.

    Folds are stratified by class as far as possible without dividing `sides`. There are fewer folds if the smallest
    class or the number of sides is smaller than `count`, and none if there is only one side.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    alone = len(set(sides)) == len(sides)
    count = min(count, max(2, min(Counter(labels).values())), len(set(sides)))
    if count < 2 or (alone and min(Counter(labels).values()) < 2):
        return []
    division = (StratifiedKFold if alone else StratifiedGroupKFold)(count, shuffle=True, random_state=seed)
    pairs = division.split(list(labels), list(labels), None if alone else list(sides))
    return [(known.tolist(), held.tolist()) for known, held in pairs if len(known) and len(held)]


def _set_aside(records: RecordSet, from_train: bool, seed: int) -> str:
    """What was set aside, in words."""
    count = len(records.where(lambda record: record.split == TEST))
    of = len(records.where(lambda record: record.split in (TRAIN, TEST)))
    tested = {record.label for record in records if record.split == TEST}
    untested = [name for name in records.classes if name not in tested]
    grouped = any(record.group is not None for record in records)
    source = "there is no test split" if from_train else "there are no splits"
    text = f"{source}: {count} of {of} records{' in train' if from_train else ''} are set aside as test (seed {seed})"
    if untested:
        few = f"fewer than {LEAST_LEFT + 1} records" + (" or one group" if grouped else "")
        text += f"; none of the class(es) {_listed(untested)}, because {few} can be divided no further. Add records"
    return text


def _draw(records: RecordSet, share: float, rng: np.random.Generator, least_left: int) -> list[bool]:
    """A mask of held-out records; at least `least_left` of every class are not held out."""
    if any(record.group is not None for record in records):
        held_out = _draw_groups(records, share, rng, least_left)
    else:
        held_out = _draw_images(records, share, rng, least_left)
    return held_out


def _draw_images(records: RecordSet, share: float, rng: np.random.Generator, least_left: int) -> list[bool]:
    """Draw images class by class; an image belongs to the class of its first record."""
    label_of: dict[object, str] = {}
    for record in records:
        label_of.setdefault(_unit(record), record.label or "")
    images_of: dict[str, list[object]] = defaultdict(list)
    for image, label in label_of.items():
        images_of[label].append(image)
    held_out: set[object] = set()
    for label in sorted(images_of):
        images = images_of[label]
        count = max(min(max(round(share * len(images)), 1), len(images) - least_left), 0)
        held_out.update(images[i] for i in rng.permutation(len(images))[:count])
    return [_unit(record) in held_out for record in records]


def _unit(record: Record) -> object:
    return record.id if (key := image_key(record)) is None else key


def _draw_groups(records: RecordSet, share: float, rng: np.random.Generator, least_left: int) -> list[bool]:
    """Draw whole sides; of ORDERS random orders, use the one whose shares per class are closest to `share`.

    Raises:
        TriptychError: there is only one side, or no side can be held out.
    """
    numbers, labels = np.array(sides(records)), [record.label or "" for record in records]
    classes = sorted(set(labels))
    counts = np.zeros((int(numbers.max()) + 1, len(classes)), dtype=int)
    np.add.at(counts, (numbers, np.array([classes.index(label) for label in labels])), 1)
    tries = [_draw_sides(counts, share, rng.permutation(len(counts)), least_left) for _ in range(ORDERS)]
    held = min(tries, key=lambda held: _distance(counts[held].sum(axis=0), counts.sum(axis=0), share))
    if not held.any():
        named = _listed(sorted({record.group for record in records if record.group is not None}))
        raise TriptychError(
            f"groups: no record can be set aside as test without dividing a group ({len(counts)} group(s): {named}); "
            "write a column split, add records of other groups, or choose another column with --group"
        )
    return [bool(held[number]) for number in numbers]


def _draw_sides(counts: "np.ndarray", share: float, order: "np.ndarray", least_left: int) -> "np.ndarray":
    """A mask of held-out sides [sides]: sides are taken in `order` if they bring the classes closer to `share`.

    Args:
        counts: records of every side and class [sides, classes].
        share: the share of every class to hold out.
        order: the order in which sides are tried.
        least_left: records of every class that must remain.
    """
    total, held = counts.sum(axis=0), np.zeros(len(counts), dtype=bool)
    several = (counts > 0).sum(axis=0) > 1

    def spares(side: int) -> bool:
        left = counts[~held].sum(axis=0) - counts[side]
        return bool((left >= least_left)[counts[side] > 0].all())

    for side in order:
        out = counts[held].sum(axis=0)
        if spares(side) and _distance(out + counts[side], total, share) < _distance(out, total, share):
            held[side] = True
    for place in np.flatnonzero(several):  # for a class without a held-out side, take its smallest possible one
        if not counts[held, place].any():
            fitting = [side for side in order if counts[side, place] and spares(side)]
            held[sorted(fitting, key=lambda side: counts[side].sum())[:1]] = True
    return held


def _distance(out: "np.ndarray", total: "np.ndarray", share: float) -> float:
    """The mean squared difference between the held-out shares and `share` over the classes."""
    return float(np.square(out / total - share).mean())


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
