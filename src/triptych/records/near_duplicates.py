"""Finds near-duplicate pictures: between training and test records, or with different labels.

Several exposures of one unit, copies, and the same picture saved again are near-duplicates. A test record that
duplicates a training record is no evidence about new records. Near-duplicates are found in two steps:

1. Every picture becomes a grey thumbnail. What all pictures share, such as the axes of a plot, is subtracted. The
   pictures whose remainders correlate most are candidates. Thumbnails are cached.
2. The pictures of a candidate pair are compared tile by tile, as they are and registered by an affine map (ECC). They
   are near-duplicates if nearly all tiles with texture agree. Two plots with the same axes and different dots, or two
   scenes in which one object differs, are not.

Records of one group, and several records of one picture file, are expected to be alike and are not reported.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from triptych.cache import Cache, digest
from triptych.errors import RecordError
from triptych.progress import Track
from triptych.records.record import Record
from triptych.records.recordset import RecordSet
from triptych.records.splits import TRAIN, image_key

Grey = NDArray[np.float32]
Reported = Callable[[Record, Record], bool]  # whether near-duplicate pictures of two records are to be reported

THUMBNAIL, COMPARED = 64, 256  # px, sides of the pictures that are compared in the first and in the second step
MOST_PICTURES = 4000  # greatest number of compared pictures; of more, a random sample is compared
NEIGHBOURS, MOST_PAIRS = 6, 1000  # greatest number of candidate pairs per picture, and in all
ALIKE = 0.5  # least correlation of candidates
TILE, MARGIN = 16, 21  # px, side of a tile; border that is ignored because it may have been cropped
TEXTURE = 0.15  # least standard deviation of a tile with texture, relative to that of the picture
AGREE, DISSENT = 0.86, 0.05  # least correlation of tiles that agree; greatest share of tiles that do not
LEAST_TILES = 8
SHOWN = 3  # pairs that a warning lists


@dataclass(frozen=True)
class NearDuplicate:
    """Two records with near-duplicate pictures: their ids, splits and labels, and whether the files are equal."""

    records: tuple[str, str]
    splits: tuple[str | None, str | None]
    labels: tuple[str | None, str | None]
    equal: bool


@dataclass(frozen=True)
class NearDuplicates:
    """The near-duplicates of a data set.

    Attributes:
        across_splits: pairs of a training record and a record of another split.
        two_labels: pairs of records with different labels.
        compared: number of compared pictures.
        pictures: number of all pictures.
    """

    across_splits: tuple[NearDuplicate, ...] = ()
    two_labels: tuple[NearDuplicate, ...] = ()
    compared: int = 0
    pictures: int = 0

    def warnings(self) -> list[str]:
        """One warning for each kind of pairs found."""
        found = []
        if self.across_splits:
            count = len({pair.records[1] for pair in self.across_splits})
            found.append(
                f"{count} record(s) outside train have pictures that (nearly) repeat some in train "
                f"({_named(self.across_splits)}); scores will be too good. Give records of one unit the same cell in a "
                "column group (--group), or remove the copies"
            )
        if self.two_labels:
            found.append(
                f"{len(self.two_labels)} pair(s) of (nearly) equal pictures have different labels "
                f"({_named(self.two_labels, labels=True)}); correct the labels or remove one of each"
            )
        if found and self.compared < self.pictures:
            found[-1] += f". {self.compared} of {self.pictures} pictures were compared"
        return found

    def to_json(self) -> dict[str, Any]:
        """As plain values, for `metrics.json`."""
        return asdict(self)


@dataclass(frozen=True)
class ComparedPictures:
    """The near-duplicate pairs among pictures, and the number of pictures that were compared."""

    pairs: tuple[NearDuplicate, ...]
    compared: int


def find_near_duplicates(records: RecordSet, track: Track, seed: int = 0) -> NearDuplicates:
    """Compare the pictures of labelled records in splits; those that cannot be decoded are skipped."""
    found = compare_pictures(records, track, seed, _is_reported)
    return NearDuplicates(
        across_splits=tuple(pair for pair in found.pairs if TRAIN in pair.splits and len(set(pair.splits)) > 1),
        two_labels=tuple(pair for pair in found.pairs if pair.labels[0] != pair.labels[1]),
        compared=found.compared,
        pictures=len(records),
    )


def compare_pictures(records: RecordSet, track: Track, seed: int, reported: Reported) -> ComparedPictures:
    """The near-duplicates among pairs that are `reported`; pictures that cannot be decoded are skipped."""
    chosen = list(records)
    if len(chosen) > MOST_PICTURES:
        rows = np.random.default_rng(seed).permutation(len(chosen))[:MOST_PICTURES]
        chosen = [chosen[row] for row in sorted(rows.tolist())]
    cache = Cache()
    try:
        looks = [(record, _thumbnail(record, cache)) for record in track(chosen, "Compare")]
    finally:
        cache.close()
    known = [record for record, look in looks if look]
    seen = [look for _, look in looks if look]
    pairs = dict.fromkeys(_equal(known, [mark for mark, _ in seen], reported), True)
    if len(known) > 1:
        near = _near(known, np.stack([thumbnail for _, thumbnail in seen]), reported)
        pairs |= dict.fromkeys((pair for pair in near if pair not in pairs), False)
    found = tuple(_pair(known[i], known[j], equal) for (i, j), equal in sorted(pairs.items()))
    return ComparedPictures(found, len(known))


def _thumbnail(record: Record, cache: Cache) -> tuple[str, Grey] | None:
    """The digest of a record's picture and its thumbnail; None if it cannot be decoded."""
    try:
        mark = record.digest()
        key = digest("thumbnail for repeats", str(THUMBNAIL), mark)
        kept = cache.get(key)
        if kept is None:
            kept = _grey(record.load_image(), THUMBNAIL).tobytes()
            cache.put(key, kept)
    except RecordError:
        return None
    return mark, np.frombuffer(kept, dtype=np.uint8).reshape(THUMBNAIL, THUMBNAIL).astype(np.float32)


def _grey(image: Image.Image, side: int) -> NDArray[np.uint8]:
    return np.asarray(image.convert("L").resize((side, side), Image.Resampling.BOX))


def may_differ(first: Record, second: Record) -> bool:
    """Whether two records are expected to have different pictures: not in one group, nor two rows of one picture."""
    if first.group is not None and first.group == second.group:
        return False
    return image_key(first) != image_key(second) or dict(first.readings) == dict(second.readings)


def _is_reported(first: Record, second: Record) -> bool:
    """Whether training warns of near-duplicate pictures of these two records."""
    across = first.split != second.split and TRAIN in (first.split, second.split)
    return (across or first.label != second.label) and may_differ(first, second)


def _equal(records: Sequence[Record], marks: Sequence[str], reported: Reported) -> Iterator[tuple[int, int]]:
    """Pairs of records with the same picture: for each picture, the first record with every other one."""
    firsts: dict[str, list[int]] = {}
    for place, mark in enumerate(marks):
        for first in firsts.setdefault(mark, []):
            if reported(records[first], records[place]):
                yield first, place
                break
        firsts[mark] = [*firsts[mark], place][:NEIGHBOURS]


def _near(records: Sequence[Record], thumbnails: Grey, reported: Reported) -> Iterator[tuple[int, int]]:
    """Pairs of records with near-duplicate pictures."""
    candidates = _candidates(records, _remainders(thumbnails), reported)
    picture = lru_cache(maxsize=256)(lambda place: _compared(records[place]))
    for _, i, j in sorted(candidates, reverse=True)[:MOST_PAIRS]:
        if nearly_equal(picture(i), picture(j)):
            yield i, j


def _remainders(thumbnails: Grey) -> Grey:
    """Blurred thumbnails [n, side, side] without what they share, as unit vectors [n, d]."""
    import cv2

    standard = np.stack([_standard(thumbnail) for thumbnail in thumbnails])
    standard -= standard.mean(axis=0) if len(standard) > 2 else 0.0
    size = (THUMBNAIL // 2, THUMBNAIL // 2)
    blurred = [cv2.resize(cv2.GaussianBlur(x, (0, 0), 1.2), size, interpolation=cv2.INTER_AREA) for x in standard]
    vectors = np.stack(blurred).reshape(len(blurred), -1)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def _candidates(records: Sequence[Record], vectors: Grey, reported: Reported) -> list[tuple[float, int, int]]:
    """The pairs that correlate most, at most NEIGHBOURS per picture: the correlation and both indices."""
    found: dict[tuple[int, int], float] = {}
    for i, vector in enumerate(vectors):
        alike = vectors @ vector
        places = np.flatnonzero(alike >= ALIKE)
        ranked = (int(j) for j in places[np.argsort(-alike[places], kind="stable")] if j != i)
        for j in [j for j in ranked if reported(records[i], records[j])][:NEIGHBOURS]:
            found[min(i, j), max(i, j)] = float(alike[j])
    return [(alike, i, j) for (i, j), alike in found.items()]


def pictures_agree(first: Record, second: Record, dissent: float) -> bool:
    """Whether at most the share `dissent` of the tiles of two records' pictures differ."""
    return nearly_equal(_compared(first), _compared(second), dissent)


def _compared(record: Record) -> Grey:
    return _grey(record.load_image(), COMPARED).astype(np.float32)


def nearly_equal(first: Grey, second: Grey, dissent: float = DISSENT) -> bool:
    """Whether two square grey pictures [side, side] are equal apart from light, noise, and a small shift or crop."""
    return _agree(first, second, dissent) or _agree(_registered(first, second), second, dissent)


def _agree(first: Grey, second: Grey, dissent: float) -> bool:
    agreement = _agreement(_standard(first), _standard(second))
    return len(agreement) >= LEAST_TILES and float(np.quantile(agreement, dissent)) >= AGREE


def _registered(first: Grey, second: Grey) -> Grey:
    """`first` registered to `second`: roughly by scale and shift, then by an affine map at a smaller size."""
    import cv2

    half = 96
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    both = (cv2.resize(picture, (half, half), interpolation=cv2.INTER_AREA) for picture in (first, second))
    a, b = (np.asarray(picture, dtype=np.float32) for picture in both)

    def warped(picture: Grey, by: Grey) -> Grey:
        size = (picture.shape[1], picture.shape[0])
        found = cv2.warpAffine(picture, by, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(found, dtype=np.float32)

    tries = []
    for scale in (0.9, 1.0, 1.11):
        middle = half / 2 * (1 - scale)
        by = np.array([[scale, 0, middle], [0, scale, middle]], dtype=np.float32)
        (dx, dy), _ = cv2.phaseCorrelate(warped(a, by), b)
        if max(abs(dx), abs(dy)) <= half / 8:
            by[:, 2] -= scale * np.array([dx, dy], dtype=np.float32)
        tries.append((float((_standard(warped(a, by)) * _standard(b)).mean()), by))
    by = max(tries, key=lambda one: one[0])[1]
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)
    everywhere = np.full(a.shape, 255, dtype=np.uint8)
    with contextlib.suppress(cv2.error):  # ECC does not always converge
        by = np.array(cv2.findTransformECC(b, a, by, cv2.MOTION_AFFINE, until, everywhere, 5)[1], dtype=np.float32)
    by[:, 2] *= len(first) / half
    return warped(first, by)


def _agreement(first: Grey, second: Grey) -> Grey:
    """The correlations of all tiles that have texture in either picture."""
    import cv2

    count = (len(first) - 2 * MARGIN) // TILE
    inner = slice(MARGIN, MARGIN + count * TILE)

    def tiles(picture: Grey) -> Grey:
        cut = cv2.GaussianBlur(picture, (0, 0), 1.0)[inner, inner]
        rows = cut.reshape(count, TILE, count, TILE).transpose(0, 2, 1, 3).reshape(count * count, -1)
        return np.asarray(rows - rows.mean(axis=1, keepdims=True), dtype=np.float32)

    a, b = tiles(first), tiles(second)
    spread = a.std(axis=1), b.std(axis=1)
    shows = np.maximum(*spread) > TEXTURE
    empty = np.minimum(*spread) < TEXTURE / 5
    found = np.where(empty, 0.0, (a * b).mean(axis=1) / np.maximum(spread[0] * spread[1], 1e-9))
    return np.asarray(found[shows], dtype=np.float32)


def _standard(picture: Grey) -> Grey:
    """The picture standardised to mean 0 and standard deviation 1."""
    centred = picture - picture.mean()
    return np.asarray(centred / max(float(centred.std()), 1e-3), dtype=np.float32)


def _pair(first: Record, second: Record, equal: bool) -> NearDuplicate:
    """The pair with the training record first."""
    a, b = (second, first) if second.split == TRAIN and first.split != TRAIN else (first, second)
    return NearDuplicate((a.id, b.id), (a.split, b.split), (a.label, b.label), equal)


def _named(pairs: Sequence[NearDuplicate], *, labels: bool = False) -> str:
    """The first pairs by name."""

    def name(pair: NearDuplicate, place: int) -> str:
        return f"{pair.records[place]}: {pair.labels[place]}" if labels else pair.records[place]

    shown = "; ".join(f"{name(pair, 0)} and {name(pair, 1)}" for pair in pairs[:SHOWN])
    return shown + (f"; and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else "")
