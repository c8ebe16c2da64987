"""Few-shot examples for the LLM's prompt: the facts of some training records, with their labels.

For each class, one more record is drawn than the prompt shows. If the record in question is itself an example, the
spare one replaces it. So neither its own example nor the number of examples of its class reveals its label.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
from PIL import Image

from triptych.answers.prompt_facts import Fact
from triptych.cache import digest
from triptych.errors import TriptychError
from triptych.records import Record


@dataclass(frozen=True)
class Shot:
    """An example.

    Attributes:
        label: the record's class.
        facts: the facts of its readings, as lines of a prompt.
        subject: a digest of its picture and its facts, which identifies the record.
    """

    label: str
    facts: str
    subject: str


def image_digest(image: Image.Image | None) -> str:
    """A digest of a picture; empty without a picture."""
    return digest(repr(image.size), image.tobytes()) if image else ""


def subject_digest(image: Image.Image, facts: Iterable[Fact]) -> str:
    """A digest of what is asked about: a picture and the facts of its readings."""
    return digest(image_digest(image), *(fact.sentence for fact in facts))


def draw_shots(candidates: Iterable[Shot], label: str, per_class: int) -> list[Shot]:
    """The first `per_class` examples of one class and a spare one, all of different records.

    Raises:
        TriptychError: there are too few candidates.
    """
    drawn: dict[str, Shot] = {}
    for shot in candidates:
        drawn.setdefault(shot.subject, shot)
        if len(drawn) > per_class:
            return list(drawn.values())
    raise TriptychError(
        f"answers.shots={per_class}: the class {label!r} has {len(drawn)} usable training record(s), and one more than "
        f"is shown is needed; set answers.shots to {max(len(drawn) - 1, 0)} or less"
    )


def shuffled(records: Iterable[Record], seed: int) -> dict[str, list[Record]]:
    """The labelled `records` of each class in random order, which does not depend on the order of `records`."""
    by_class: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda record: record.id):
        if record.label is not None:
            by_class.setdefault(record.label, []).append(record)
    rng = np.random.default_rng([seed, len(by_class)])
    return {label: [by_class[label][i] for i in rng.permutation(len(by_class[label]))] for label in sorted(by_class)}


def select_shots(subject: str, shots: Sequence[Shot], per_class: int) -> list[Shot]:
    """The examples in the prompt about `subject`: `per_class` of each class, never `subject`, classes alternating."""
    by_class: dict[str, list[Shot]] = {}
    for shot in shots:
        if shot.subject != subject:
            by_class.setdefault(shot.label, []).append(shot)
    rounds: Iterator[tuple[Shot | None, ...]] = zip_longest(*(some[:per_class] for some in by_class.values()))
    return [shot for shot in chain.from_iterable(rounds) if shot is not None]
