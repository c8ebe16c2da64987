"""Compares a stream of new records with the training records of a model, and says whether they changed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triptych.config import MonitoringConfig
from triptych.errors import TriptychError
from triptych.features.readings import finite_numbers
from triptych.features.vector import Features
from triptych.model.model import Model
from triptych.model.reference import Reference, embedding_of
from triptych.monitoring.drift import Drift, drifts
from triptych.monitoring.martingale import combined, log_martingales
from triptych.monitoring.stream import DIRECTION, StreamRecord, columns_of, projections, quantities_of
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.prepared import Prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import Track
from triptych.records import Failure, RecordSet


@dataclass(frozen=True)
class Watched:
    """What a stream of new records says.

    Attributes:
        ids: the records that count, in order [m].
        evidence: the martingale after each record, as a logarithm to base 10 [m].
        by_quantity: the same of each quantity, after the last record.
        alarm: the index of the record at which the martingale first reached the alarm; None if it never did.
        drift: the drift of each quantity, the clearest first.
        config: the levels of the alarm and of drift.
    """

    ids: Sequence[str]
    evidence: NDArray[np.float64] = field(repr=False)
    by_quantity: dict[str, float]
    alarm: int | None
    drift: list[Drift]
    config: MonitoringConfig

    @property
    def threshold(self) -> float:
        """The evidence at which there is an alarm."""
        return -math.log10(self.config.level)

    @property
    def drifted(self) -> list[Drift]:
        """The quantities whose drift is beyond chance."""
        return [drift for drift in self.drift if drift.p_value <= self.config.drift_level]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "records": len(self.ids),
            "alarm": None if self.alarm is None else {"record": self.ids[self.alarm], "number": self.alarm + 1},
            "evidence": self.evidence.tolist(),
            "threshold": self.threshold,
            "by_quantity": self.by_quantity,
            "drift": [drift.to_json() for drift in self.drift],
        }


def reference_of(model: Model) -> Reference:
    """What the model stores about its training records.

    Raises:
        TriptychError: an older version trained it, which stored nothing.
    """
    if model.reference is None:
        raise TriptychError("watch: an older version trained the model and stored no training records; train it again")
    return model.reference


def read_stream(
    model: Model, records: RecordSet, seen: Sequence[StreamRecord], track: Track
) -> Iterator[StreamRecord | Failure]:
    """Read new records; those whose picture the training records or the stream have already are left out."""
    reference = reference_of(model)
    known = {*reference.digests, *(record.digest for record in seen)}
    with Preparer(model.config, model.classes, model.state) as preparer:
        items = preparer.prepare(track(records, "Read"))
        for item in items:
            if isinstance(item, Failure):
                yield item
            elif (digest := item.record.digest()) not in known:
                known.add(digest)
                yield StreamRecord(item.record.id, digest, _values(model, reference, item))


def _values(model: Model, reference: Reference, item: Prepared) -> dict[str, float]:
    """The numbers of a record that the training records have, and directions of its picture."""
    numbers = finite_numbers(item.reading.values)
    found = {name: numbers[name] for name in reference.fields if name in numbers}
    if reference.embedding.shape[1]:
        inputs = stack_inputs([item], Features([]), model.classes, labelled=False)
        embedding = embedding_of(inputs).astype(np.float64)
        directions = projections(embedding, model.config.monitoring.directions, model.config.seed)
        found |= {f"{DIRECTION} {i + 1}": float(value) for i, value in enumerate(directions[0])}
    return found


def watch(model: Model, stream: Sequence[StreamRecord]) -> Watched:
    """Whether the records of `stream` are like the training records.

    Raises:
        TriptychError: the stream has no records, or the model has stored nothing to compare them with.
    """
    config, reference = model.config.monitoring, reference_of(model)
    if not stream:
        raise TriptychError("watch: no new records; those with the pictures of training records do not count")
    known = quantities_of(reference, config.directions, model.config.seed)
    if not known:
        raise TriptychError("watch: the training records have neither numbers nor an embedding to compare with")
    new = columns_of(stream, known)
    logs = log_martingales(known, new, config, model.config.seed)
    evidence = combined(logs) / math.log(10)
    above = np.flatnonzero(evidence >= -math.log10(config.level))
    return Watched(
        ids=[record.id for record in stream],
        evidence=evidence,
        by_quantity={name: float(values[-1] / math.log(10)) for name, values in logs.items()},
        alarm=int(above[0]) if len(above) else None,
        drift=drifts(known, new),
        config=config,
    )
