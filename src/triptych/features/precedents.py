"""Precedents: of which classes the training records are that say the same, word for word (beyond the paper).

Words tell what was looked at, and often more than one record says the same: the same step of another batch, the same
spot of another unit. What became of those is known. It may speak for their classes, where a fault keeps coming back, or
against them, where every scene was recorded once in each state; which of the two is learned. This is target encoding of
the text columns taken together. A record is never its own precedent, nor are those that share its picture, so that a
training record sees what a new one would see.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from triptych.cache import digest
from triptych.features.names import MARK, PRECEDENTS
from triptych.features.text_columns import is_word
from triptych.records import Record

NAME = f"{PRECEDENTS}{MARK}"  # begins the features' names; as with words, none is 0 and rare ones are left out
ENOUGH = 2  # precedents of a class count; of a text that many records share, so all of them see the same
LENGTH = 16  # digits kept of a digest; words and pictures themselves are not kept


class Worded(Protocol):
    """A record and the named features that it has by itself, its words among them."""

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
        by_words: for the digest of a record's words, the digest of the picture and the class of every training record
            that says them.
    """

    by_words: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def among(cls, training: Iterable[Worded]) -> Self:
        """Those of labelled training records that say something."""
        by_words: dict[str, list[tuple[str, str]]] = {}
        for item in training:
            if words := _words(item):
                alike, precedent = by_words.setdefault(words, []), (_picture(item), item.record.label or "")
                if precedent not in alike:  # what was drawn from a record has its picture, and counts with it
                    alike.append(precedent)
        return cls(by_words)

    def features(self, item: Worded) -> dict[str, float]:
        """How many precedents of each class a record has, ENOUGH at most; classes without any are not named."""
        if not (alike := self.by_words.get(_words(item))):
            return {}
        picture = _picture(item)
        counts = Counter(label for other, label in alike if other != picture)
        return {f"{NAME}{label}": float(min(count, ENOUGH)) for label, count in counts.items()}


def _words(item: Worded) -> str:
    """The digest of all words with their columns; empty for a record without any."""
    words = sorted(filter(is_word, item.numbers))
    return digest(*words)[:LENGTH] if words else ""


def _picture(item: Worded) -> str:
    return item.record.digest()[:LENGTH]
