"""The words of a record's text columns, as features of the readings branch.

A sentence's meaning is what the text branches encode; here every word counts for itself, together with its column, so
that `pre` in the column `phase` is a feature like any number. What a record does not say is 0, never missing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from triptych.features.names import MARK, given
from triptych.records import Readings

LEAST_SHARE = 0.03  # of the training records that must carry a word: a rarer one, such as a lot's number, tells nothing
LEAST = 2  # records, likewise

_WORD = re.compile(r"\w+")


def word_features(readings: Readings) -> dict[str, float]:
    """1 for every word in the text columns of a record."""
    texts = [(name, value.lower()) for name, value in readings.items() if isinstance(value, str)]
    return {f"{given(name)}{MARK}{word}": 1.0 for name, text in texts for word in _WORD.findall(text)}


def is_word(feature: str) -> bool:
    """Whether a feature is a word's."""
    return MARK in feature


def telling_words(records: Iterable[Mapping[str, float]]) -> set[str]:
    """The words among the features of training records that are neither too rare to learn from nor in all of them."""
    records = list(records)
    counts = Counter(name for record in records for name in record if is_word(name))
    least = max(LEAST, LEAST_SHARE * len(records))
    return {name for name, count in counts.items() if least <= count < len(records)}
