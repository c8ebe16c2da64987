"""Precedents: the classes of the training records with exactly the same words (beyond the paper).

Several records often have the same words, such as the same step of another batch or the same spot of another unit. The
classes of these precedents may be evidence for a class, if a fault recurs, or against it, if every scene was recorded
once in each state. The model learns which. This is target encoding of all text columns together. Records with the same
picture, including the record itself, are not counted, so that training records are treated like new ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from triptych.cache import digest
from triptych.features.names import MARK, PRECEDENTS
from triptych.features.text_columns import is_word
from triptych.records import Record

NAME = f"{PRECEDENTS}{MARK}"  # prefix of the feature names; as for words, a missing one is 0 and rare ones are dropped
ENOUGH = 2  # largest count of a class, so that it is the same for all records with a frequent text
LENGTH = 16  # hex digits kept of a digest; words and pictures are not stored


class Worded(Protocol):
    """A record and its own named features, including its words."""

    @property
    def record(self) -> Record:
        """The record."""

    @property
    def numbers(self) -> Mapping[str, float]:
        """The features."""


@dataclass(frozen=True)
class Precedents:
    """The training records by their words.

    Attributes:
        by_words: from the digest of a record's words to the picture digest and the class of every training record
            with these words.
    """

    by_words: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def among(cls, training: Iterable[Worded]) -> Self:
        """The labelled training records that have words."""
        by_words: dict[str, list[tuple[str, str]]] = {}
        for item in training:
            if words := _words(item):
                alike, precedent = by_words.setdefault(words, []), (_picture(item), item.record.label or "")
                if precedent not in alike:  # records drawn from one record share its picture
                    alike.append(precedent)
        return cls(by_words)

    def features(self, item: Worded) -> dict[str, float]:
        """The number of precedents of each class, at most ENOUGH; classes without precedents are omitted."""
        if not (alike := self.by_words.get(_words(item))):
            return {}
        picture = _picture(item)
        counts = Counter(label for other, label in alike if other != picture)
        return {f"{NAME}{label}": float(min(count, ENOUGH)) for label, count in counts.items()}


def _words(item: Worded) -> str:
    """The digest of all words with their columns; empty for a record without words."""
    words = sorted(filter(is_word, item.numbers))
    return digest(*words)[:LENGTH] if words else ""


def _picture(item: Worded) -> str:
    return item.record.digest()[:LENGTH]
