"""The stream of new records: their numbers and directions of their pictures, stored record by record.

The state file has one JSON object a line, and lines are only appended. Tomorrow's records continue the stream.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.cache import derived_seed
from triptych.errors import TriptychError
from triptych.files import unwritable
from triptych.model.reference import Reference

DIRECTION = "picture, direction"  # the name of a random projection of the embedding, before its number
MISSING = "missing: "  # before the name of a field: 1 where it is missing


@dataclass(frozen=True)
class StreamRecord:
    """One new record: its id, the digest of its picture, and its values by quantity; missing ones are left out."""

    id: str
    digest: str
    values: Mapping[str, float] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"id": self.id, "digest": self.digest, "values": dict(self.values)}


def quantities_of(reference: Reference, directions: int, seed: int) -> dict[str, list[float]]:
    """The values of the training records by quantity; of records with the same picture, only the first counts."""
    first = list({mark: place for place, mark in reversed(list(enumerate(reference.digests)))}.values())[::-1]
    found = {name: reference.numbers[first, i].tolist() for i, name in enumerate(reference.fields)}
    projected = projections(reference.embedding[first].astype(np.float64), directions, seed)
    found |= {f"{DIRECTION} {i + 1}": column.tolist() for i, column in enumerate(projected.T)}
    missing = {f"{MISSING}{name}": [float(v != v) for v in found[name]] for name in reference.fields}
    return found | {name: values for name, values in missing.items() if 0 < sum(values) < len(values)}


def projections(embedding: NDArray[np.float64], count: int, seed: int) -> NDArray[np.float64]:
    """Embeddings [n, d] in `count` random directions [n, count]; none if d is 0.

    The directions depend on no record. So training records and new ones are treated alike, which principal components
    or a scale of the training records would not do.
    """
    d = embedding.shape[1]
    if not d:
        return np.zeros((len(embedding), 0))
    rng = np.random.default_rng(derived_seed(seed, "directions of the embedding"))
    found: NDArray[np.float64] = embedding @ (rng.normal(size=(d, count)) / d**0.5)
    return found


def columns_of(records: Sequence[StreamRecord], names: Iterable[str]) -> dict[str, list[float]]:
    """The values of the records by quantity, in order; NaN where missing."""
    found = {}
    for name in names:
        if name.startswith(MISSING):
            found[name] = [float(name.removeprefix(MISSING) not in record.values) for record in records]
        else:
            found[name] = [record.values.get(name, np.nan) for record in records]
    return found


def load_stream(path: Path) -> list[StreamRecord]:
    """The records of a state file; none if it does not exist.

    Raises:
        TriptychError: the file cannot be read or is damaged.
    """
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [StreamRecord(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise TriptychError(f"{path}: is not a state of `triptych watch` ({error}); name another file") from None


def append_to_stream(path: Path, records: Sequence[StreamRecord]) -> None:
    """Append records to a state file.

    Raises:
        TriptychError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(record.to_json()) + "\n" for record in records)
    except OSError as error:
        raise unwritable(path, error, "the state") from None
