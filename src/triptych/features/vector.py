"""The input of the readings branch: a vector of features in a fixed order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from triptych.features.precedents import Precedents, Worded
from triptych.features.readings import feature_matrix, feature_names
from triptych.features.text_columns import is_word


@dataclass(frozen=True)
class Features:
    """The features, learned from training records and stored with the model.

    Attributes:
        names: names of the features in order, words last; empty without the readings branch.
        precedents: the training records by their words.
    """

    names: list[str]
    precedents: Precedents = field(default_factory=Precedents)

    @property
    def words(self) -> int:
        """The number of features that are words."""
        return sum(map(is_word, self.names))

    @classmethod
    def learn(cls, training: Sequence[Worded]) -> Self:
        """The features of labelled training records, without uninformative words."""
        precedents = Precedents.among(training)
        return cls(feature_names({**item.numbers, **precedents.features(item)} for item in training), precedents)

    def matrix(self, records: Sequence[Worded]) -> NDArray[np.float64]:
        """Features [n, len(names)] of n records: NaN where a record lacks a number, 0 where it lacks a word."""
        return feature_matrix([{**item.numbers, **self.precedents.features(item)} for item in records], self.names)
