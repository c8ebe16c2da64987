"""The words of a record's text columns, as features of the readings branch.

The text branches encode whole sentences. Here, every word together with its column is a feature, such as `pre` in the
column `phase`. A word that a record lacks is 0, never missing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from triptych.features.names import MARK, given
from triptych.records import Readings

LEAST_SHARE = 0.03  # of the training records that must have a word; rarer ones, such as lot numbers, are uninformative
LEAST = 2  # training records that must have a word

_WORD = re.compile(r"\w+")


def word_features(readings: Readings) -> dict[str, float]:
    """A feature with value 1 for every word in the text columns of a record."""
    texts = [(name, value.lower()) for name, value in readings.items() if isinstance(value, str)]
    return {f"{given(name)}{MARK}{word}": 1.0 for name, text in texts for word in _WORD.findall(text)}


def is_word(feature: str) -> bool:
    """Whether a feature is a word or, likewise, a number of precedents."""
    return MARK in feature


def telling_words(records: Iterable[Mapping[str, float]]) -> set[str]:
    """The words among the features of training records, without words that are too rare or occur in all records."""
    records = list(records)
    counts = Counter(name for record in records for name in record if is_word(name))
    least = max(LEAST, LEAST_SHARE * len(records))
    return {name for name, count in counts.items() if least <= count < len(records)}
