"""What a model stores about each of its training records, for neighbours, novelty, drift and promises.

It is one file, `reference.safetensors`: arrays, and names as its metadata. Pictures are not stored, only their digests
and the features of the frozen image encoder.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save

from triptych.decision.novelty import Novelty, Views, out_of_fold_distances
from triptych.decision.operating_point import Evidence
from triptych.experts.frozen import pooled
from triptych.features.readings import feature_matrix, feature_names, finite_numbers
from triptych.features.text_columns import is_word
from triptych.preparation.branch_inputs import BranchInputs
from triptych.preparation.prepared import Prepared

REFERENCE = "reference.safetensors"
NOT_HELD_OUT = -1  # the fold of a record that was held out in no fold
LEAST_COMPARED, FOLDS = 20, 4  # records, with fewer of which novelty is not judged; folds without cross-fitting


@dataclass(frozen=True)
class Reference:
    """The n training records of a model.

    Attributes:
        ids: their ids.
        digests: the digests of their pictures.
        fields: the names of the f numbers in their readings.
        labels: class indices [n].
        sides: numbers [n], equal for records that share a picture or a group.
        folds: the number [n] of the fold in which each was held out; NOT_HELD_OUT without cross-fitting.
        out_of_fold: the pool's probabilities [n, classes] of records that neither experts nor weights had seen; NaN
            without cross-fitting.
        numbers: the numbers in their readings [n, f], NaN where missing.
        embedding: features [n, d] of the frozen image encoder; d is 0 if the encoder is trained.
        feature_names: the names of the m readings features, without words.
        features: the readings features [n, m], NaN where missing.
        distances: how far each record is from the others, out of fold [n] (`triptych.decision.novelty`); NaN for
            records that were not compared.
    """

    ids: list[str]
    digests: list[str]
    fields: list[str]
    labels: NDArray[np.int64] = field(repr=False)
    sides: NDArray[np.int64] = field(repr=False)
    folds: NDArray[np.int64] = field(repr=False)
    out_of_fold: NDArray[np.float64] = field(repr=False)
    numbers: NDArray[np.float64] = field(repr=False)
    embedding: NDArray[np.float32] = field(repr=False)
    feature_names: list[str] = field(default_factory=list, repr=False)
    features: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32), repr=False)
    distances: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, prepared: Sequence[Prepared], inputs: BranchInputs, *, trained_encoder: bool, classes: int) -> Self:
        """The prepared training records, with their stacked `inputs`; none of them was held out yet."""
        n = len(prepared)
        assert inputs.labels is not None
        found = [finite_numbers(item.reading.values) for item in prepared]
        fields = list(dict.fromkeys(name for numbers in found for name in numbers))
        rows = [[numbers.get(name, np.nan) for name in fields] for numbers in found]
        sides = np.arange(n) if inputs.same_image is None else inputs.same_image.numpy()
        return cls(
            ids=[item.record.id for item in prepared],
            digests=[item.record.digest() for item in prepared],
            fields=fields,
            labels=inputs.labels.numpy().astype(np.int64),
            sides=sides.astype(np.int64),
            folds=np.full(n, NOT_HELD_OUT, dtype=np.int64),
            out_of_fold=np.full((n, classes), np.nan),
            numbers=np.asarray(rows, dtype=np.float64).reshape(n, len(fields)),
            embedding=np.zeros((n, 0), dtype=np.float32) if trained_encoder else embedding_of(inputs),
            feature_names=(names := [n for n in feature_names(item.numbers for item in prepared) if not is_word(n)]),
            features=feature_matrix([item.numbers for item in prepared], names).astype(np.float32),
        )

    def evidence(self, classes: Sequence[str], normal: str | None) -> Evidence | None:
        """The out-of-fold probabilities of the records that were held out; None if there are none."""
        held_out = self.folds != NOT_HELD_OUT
        if not held_out.any():
            return None
        return Evidence(classes, normal, self.out_of_fold[held_out], self.labels[held_out], self.sides[held_out])

    def with_distances(self, most: int, seed: int) -> "Reference":
        """The same with out-of-fold distances of at most `most` records, which are drawn by `seed`.

        Without cross-fitting, records are divided for this alone; with fewer than LEAST_COMPARED, there are none.
        """
        n, rng = len(self), np.random.default_rng(seed)
        if n < LEAST_COMPARED:
            return self
        rows: NDArray[Any] = np.sort(rng.permutation(n)[:most])
        folds = self.folds[rows]
        if len(np.unique(folds[folds != NOT_HELD_OUT])) < 2:
            folds = rng.permutation(self.sides.max() + 1)[self.sides[rows]] % FOLDS
        rows, folds = rows[folds != NOT_HELD_OUT], folds[folds != NOT_HELD_OUT]
        if len(np.unique(folds)) < 2:
            return self
        found = out_of_fold_distances(self.views[rows], self.labels[rows], folds)
        distances = {name: np.full(n, np.nan) for name in found}
        for name, values in found.items():
            distances[name][rows] = values
        return replace(self, distances=distances)

    @property
    def views(self) -> Views:
        """The records as the detector of novelty sees them."""
        return Views(self.embedding.astype(np.float64), self.features.astype(np.float64))

    def views_of(self, prepared: Sequence[Prepared], inputs: BranchInputs) -> Views:
        """New records, with their stacked `inputs`, in the same way."""
        embedding = embedding_of(inputs) if self.embedding.shape[1] else np.zeros((len(prepared), 0))
        features = feature_matrix([item.numbers for item in prepared], self.feature_names).astype(np.float32)
        return Views(embedding.astype(np.float64), features.astype(np.float64))

    def novelty(self) -> Novelty | None:
        """Compares new records with these; None if none of them were compared with the others."""
        if not self.distances:
            return None
        compared = np.isfinite(np.stack(list(self.distances.values()))).all(axis=0)
        own = {name: values[compared] for name, values in self.distances.items()}
        rows: NDArray[Any] = np.flatnonzero(compared)
        return Novelty.of(self.views[rows], self.labels[rows], own, rows)

    def to_bytes(self) -> bytes:
        """The contents of the file."""
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _DTYPES}
        arrays["embedding"] = arrays["embedding"].astype(np.float16)
        arrays |= {f"{DISTANCE}{name}": np.ascontiguousarray(found) for name, found in self.distances.items()}
        names = {name: json.dumps(getattr(self, name)) for name in _NAMES}
        return save(arrays, metadata=names)


def embedding_of(inputs: BranchInputs) -> NDArray[np.float32]:
    """The embedding [n, d] of n records: means and standard deviations of the encoder's maps over their positions.

    It is rounded to half precision, as it is stored, so that a model gives the same results before and after it is
    saved.
    """
    found: NDArray[np.float32] = pooled(inputs.image).numpy().astype(np.float16).astype(np.float32)
    return found


def load_reference(path: Path, classes: int) -> Reference | None:
    """The reference in the file `path`; None if there is no file, as in models of older versions.

    Raises:
        ValueError, KeyError, TypeError, SafetensorError: the file is damaged.
    """
    if not path.exists():
        return None
    with safe_open(path, "np") as file:
        names = {name: json.loads((file.metadata() or {})[name]) for name in _NAMES}
        arrays = {name: file.get_tensor(name).astype(kind) for name, kind in _DTYPES.items()}
        keys = [key for key in file.keys() if key.startswith(DISTANCE)]  # noqa: SIM118 - not a dictionary
        distances = {key.removeprefix(DISTANCE): file.get_tensor(key).astype(np.float64) for key in keys}
    _check(names, arrays | distances, classes)
    return Reference(**names, **arrays, distances=distances)


DISTANCE = "distance."  # before the names of distances, among the arrays
_NAMES = ("ids", "digests", "fields", "feature_names")
_DTYPES: dict[str, Any] = {
    **dict.fromkeys(("labels", "sides", "folds"), np.int64),
    **dict.fromkeys(("out_of_fold", "numbers"), np.float64),
    **dict.fromkeys(("embedding", "features"), np.float32),
}


def _check(names: dict[str, Any], arrays: dict[str, NDArray[Any]], classes: int) -> None:
    """Check that the parts of a reference fit together.

    Raises:
        ValueError: they do not.
    """
    if not all(isinstance(some, list) and all(isinstance(one, str) for one in some) for some in names.values()):
        raise ValueError("the names of the training records are not texts")
    n = len(names["ids"])
    shapes = {"labels": (n,), "sides": (n,), "folds": (n,), "out_of_fold": (n, classes)}
    shapes |= {"numbers": (n, len(names["fields"])), "embedding": (n, arrays["embedding"].shape[-1])}
    shapes["features"] = (n, len(names["feature_names"]))
    if len(names["digests"]) != n or any(found.shape != shapes.get(name, (n,)) for name, found in arrays.items()):
        raise ValueError("the arrays of the training records differ in length")
    if n and not (arrays["labels"].min() >= 0 and arrays["labels"].max() < classes):
        raise ValueError("a training record has a label that is not one of the classes")
