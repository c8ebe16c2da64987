"""Whether a record is unlike all training records: an unknown defect, another product, a foreign picture.

Two views of a record are compared with the training records: the embedding of its picture, from the frozen image
encoder, and the numbers of its readings and its plot. Both are reduced to principal components. The distances are:

    class      Mahalanobis: min_c d_c(x), with the means of the classes and one shared covariance
    relative   of readings only: min_c d_c(x) - d_0(x), where d_0 has the mean and covariance of all records (Ren et
               al., "A simple fix to Mahalanobis distance for improving near-OOD detection", 2021)
    nearest    the distance to the nearest training record

Covariances are shrunk (Ledoit and Wolf, 2004). Each distance becomes a conformal p-value: its rank among the distances
of training records, measured by a detector that was fitted without their fold. The score of a view is the mean of the
negative logarithms of its p-values, and the record's score is that of the view that differs more, by rank. It is ranked
again, so that the stated share of records that are like the training records is called novel. The distances were chosen
by leaving out each class of development sets.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LIMIT = 8.0  # standardised numbers are clipped to this, so that a single damaged number does not decide alone
LEAST_SPREAD = 1e-6  # columns with a smaller standard deviation, relative to their mean, are constant and left out
COMPONENTS = 64  # most principal components of a view
PICTURE, READINGS = "picture", "readings"


@dataclass(frozen=True)
class Views:
    """Two views of n records: `picture` [n, d], and `readings` [n, m] with NaN where missing; d or m may be 0."""

    picture: Floats = field(repr=False)
    readings: Floats = field(repr=False)

    def __len__(self) -> int:
        return len(self.readings)

    def __getitem__(self, rows: NDArray[Any]) -> "Views":
        """The records `rows`: indices, or a mask."""
        return Views(self.picture[rows], self.readings[rows])


@dataclass(frozen=True)
class Components:
    """Principal components of the standardised columns of one view.

    Attributes:
        centre, scale: the mean and the standard deviation of each column [d].
        axes: the components [d, r].
    """

    centre: Floats
    scale: Floats
    axes: Floats

    @classmethod
    def of(cls, vectors: Floats) -> "Components":
        """The components of vectors [n, d]."""
        found = np.ma.masked_invalid(vectors)
        centre, scale = found.mean(axis=0).filled(0.0), found.std(axis=0).filled(0.0)
        scale = np.where(scale > LEAST_SPREAD * np.abs(centre), scale, np.inf)
        standard = cls(centre, scale, np.eye(0)).standardised(vectors)
        _, values, axes = np.linalg.svd(standard - standard.mean(axis=0), full_matrices=False)
        rank = min(COMPONENTS, int((values > 1e-3 * values.max(initial=0.0)).sum()))
        return cls(centre, scale, axes[:rank].T)

    def standardised(self, vectors: Floats) -> Floats:
        """Standardised and clipped columns; the mean where a number is missing, and for constant columns."""
        found = np.nan_to_num((vectors - self.centre) / self.scale, nan=0.0, posinf=LIMIT, neginf=-LIMIT)
        return np.clip(found, -LIMIT, LIMIT)

    def __call__(self, vectors: Floats) -> Floats:
        """The components [n, r] of vectors [n, d]."""
        found: Floats = self.standardised(vectors) @ self.axes
        return found


@dataclass(frozen=True)
class ViewDistances:
    """The distances of one view to its training records.

    Attributes:
        components: the view.
        known: the components [n, r] of the training records.
        means: the mean of each class [c, r].
        precision: the inverse of the shared covariance [r, r].
        precision_of_all: the inverse of the covariance of all records [r, r].
    """

    components: Components = field(repr=False)
    known: Floats = field(repr=False)
    means: Floats = field(repr=False)
    precision: Floats = field(repr=False)
    precision_of_all: Floats = field(repr=False)

    @classmethod
    def of(cls, vectors: Floats, labels: Integers) -> "ViewDistances | None":
        """The distances to the training records [n, d] with these class indices [n]; None if no column varies."""
        from sklearn.covariance import ledoit_wolf

        components = Components.of(vectors)
        if not components.axes.size:
            return None
        known = components(vectors)
        classes, places = np.unique(labels, return_inverse=True)
        means = np.stack([known[places == place].mean(axis=0) for place in range(len(classes))])
        shared, _ = ledoit_wolf(known - means[places], assume_centered=True)
        whole, _ = ledoit_wolf(known)
        return cls(components, known, means, np.linalg.pinv(shared), np.linalg.pinv(whole))

    def measure(self, vectors: Floats) -> dict[str, Floats]:
        """The distances [n] of vectors [n, d] by name."""
        found = self.components(vectors)
        to_class = np.min([_quadratic(found - mean, self.precision) for mean in self.means], axis=0)
        nearest = self.nearest(vectors)
        relative = to_class - _quadratic(found - self.known.mean(axis=0), self.precision_of_all)
        return {"class": to_class, "relative": relative, "nearest": nearest.distances}

    def nearest(self, vectors: Floats) -> "Nearest":
        """The nearest training record of each of n vectors."""
        from scipy.spatial.distance import cdist

        distances = cdist(self.components(vectors), self.known)
        rows = distances.argmin(axis=1)
        return Nearest(rows, distances[np.arange(len(rows)), rows])


@dataclass(frozen=True)
class Nearest:
    """The index and the distance of the nearest training record of each of n records."""

    rows: Integers
    distances: Floats


def _quadratic(difference: Floats, precision: Floats) -> Floats:
    found: Floats = np.einsum("ij,jk,ik->i", difference, precision, difference)
    return found


@dataclass(frozen=True)
class Detector:
    """The distances of records to the training records, by view and kind."""

    picture: ViewDistances | None
    readings: ViewDistances | None

    @classmethod
    def of(cls, views: Views, labels: Integers) -> "Detector":
        """The detector that is fitted on training records with these class indices."""
        return cls(*(ViewDistances.of(part, labels) for part in (views.picture, views.readings)))

    def measure(self, views: Views) -> dict[str, Floats]:
        """The distances of n records by name."""
        found: dict[str, Floats] = {}
        if self.picture is not None:
            found |= {f"{PICTURE} {name}": one for name, one in self.picture.measure(views.picture).items()}
            del found[f"{PICTURE} relative"]  # of embeddings, it separated no left-out class
        if self.readings is not None:
            found |= {f"{READINGS} {name}": one for name, one in self.readings.measure(views.readings).items()}
        return found


def out_of_fold_distances(views: Views, labels: Integers, folds: Integers) -> dict[str, Floats]:
    """The distances of training records to detectors that were fitted without their fold.

    Args:
        views: the training records.
        labels: class indices [n].
        folds: the number of the fold of each [n]; there are at least two.

    Returns:
        the distances [n] by name, without those that some fold lacks because nothing varies there.
    """
    found: dict[str, Floats] = {}
    for fold in np.unique(folds):
        own = folds == fold
        for name, distances in Detector.of(views[~own], labels[~own]).measure(views[own]).items():
            found.setdefault(name, np.full(len(labels), np.nan))[own] = distances
    return {name: distances for name, distances in found.items() if np.isfinite(distances).all()}


@dataclass(frozen=True)
class NoveltyFound:
    """How unlike the training records one record is.

    Attributes:
        p_value: the share of records like the training records that are at least as unlike them.
        view: `picture` or `readings`: where it differs most.
        nearest: the index of the nearest training record in this view.
    """

    p_value: float
    view: str
    nearest: int


@dataclass(frozen=True)
class Novelty:
    """Compares records with the training records.

    Attributes:
        detector: fitted on all training records.
        calibration: for each distance, those of the training records out of fold, ascending [n].
        views: for each view, the scores of the training records out of fold, ascending [n].
        scores: the same of the records, over both views.
        rows: the indices [n] of these among all training records.
    """

    detector: Detector = field(repr=False)
    calibration: dict[str, Floats] = field(repr=False)
    views: dict[str, Floats] = field(repr=False)
    scores: Floats = field(repr=False)
    rows: Integers = field(repr=False)

    @classmethod
    def of(cls, views: Views, labels: Integers, distances: dict[str, Floats], rows: Integers) -> "Novelty":
        """The comparison with the training records, whose out-of-fold `distances` are known."""
        calibration = {name: np.sort(found) for name, found in distances.items()}
        by_view = _view_scores({name: _own_p_values(calibration[name], found) for name, found in distances.items()})
        ranked = {view: np.sort(scores) for view, scores in by_view.items()}
        whole = np.max([-np.log(_own_p_values(ranked[view], scores)) for view, scores in by_view.items()], axis=0)
        return cls(Detector.of(views, labels), calibration, ranked, np.sort(whole), rows)

    def compare(self, views: Views) -> list[NoveltyFound]:
        """How unlike the training records each of n records is."""
        distances = {name: d for name, d in self.detector.measure(views).items() if name in self.calibration}
        by_view = _view_scores({name: p_values(self.calibration[name], found) for name, found in distances.items()})
        by_rank = {view: -np.log(p_values(self.views[view], scores)) for view, scores in by_view.items()}
        combined = p_values(self.scores, np.max(list(by_rank.values()), axis=0))
        found = []
        for row, p in enumerate(combined.tolist()):
            view = max(by_rank, key=lambda name: by_rank[name][row])
            found.append(NoveltyFound(p, view, self._nearest(view, views, row)))
        return found

    def is_novel(self, found: NoveltyFound, share: float) -> bool:
        """Whether a record is called novel, if a `share` of those like the training records may be.

        With fewer than 1 / share - 1 training records no p-value is so small. Then a record is novel if it is farther
        away than every training record, which is true of one in n + 1 records like them.
        """
        return share > 0 and found.p_value <= max(share, 1 / (len(self.scores) + 1))

    def _nearest(self, view: str, views: Views, row: int) -> int:
        part, vectors = (
            (self.detector.picture, views.picture) if view == PICTURE else (self.detector.readings, views.readings)
        )
        assert part is not None
        return int(self.rows[part.nearest(vectors[row : row + 1]).rows[0]])


def _view_scores(by_distance: dict[str, Floats]) -> dict[str, Floats]:
    """The score of each view: the mean of the negative logarithms of the p-values of its distances."""
    by_view: dict[str, list[Floats]] = {}
    for name, found in by_distance.items():
        by_view.setdefault(name.partition(" ")[0], []).append(-np.log(found))
    return {view: np.mean(parts, axis=0) for view, parts in by_view.items()}


def p_values(calibration: Floats, values: Floats) -> Floats:
    """Conformal p-values [m] of values [m] among n calibration values in ascending order."""
    greater = len(calibration) - np.searchsorted(calibration, values, side="left")
    found: Floats = (1 + greater) / (1 + len(calibration))
    return found


def _own_p_values(calibration: Floats, values: Floats) -> Floats:
    """The p-values of the calibration records among the others: each counts once, as a new record does."""
    found: Floats = (len(calibration) - np.searchsorted(calibration, values, side="left")) / len(calibration)
    return found


def in_words(found: NoveltyFound, ids: Sequence[str], labels: Sequence[str]) -> str:
    """The reason for a review, with the nearest training record."""
    nearest = f"{ids[found.nearest]} ({labels[found.nearest]})"
    return f"unlike the training records: its {found.view} (p = {found.p_value:.3f}; the nearest is {nearest})"
