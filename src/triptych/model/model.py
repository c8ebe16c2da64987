"""A trained model: experts, what preparation learned, and what is stored about the training records."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from torch import Tensor

from triptych.config import Config
from triptych.decision import OperatingPoint, choose_classes
from triptych.decision.novelty import Novelty
from triptych.decision.operating_point import Evidence, check_wish, choose_point
from triptych.decision.prediction_sets import PredictionSets
from triptych.experts.ensemble import Ensemble
from triptych.model.reference import Reference
from triptych.preparation.state import PreparerState
from triptych.records import Decoder

UNPROMISED = ("decision.max_escape=null", "decision.max_overkill=null", "decision.costs=null")


@dataclass(frozen=True)
class Model:
    """All that prediction needs.

    Attributes:
        config: the configuration it was trained with.
        classes: the labels, in the order of the probabilities.
        counts: the number of training records of each class.
        normal: the class of good records, if there is one.
        ensemble: the experts and their weights.
        state: what preparation learned from the training records.
        metrics: facts of the run and training curves.
        label_dtype: the type of the labels in training, as named by `triptych.model.label_types.dtype_name`.
        reference: what is stored about each training record; None in models of older versions.
    """

    config: Config
    classes: list[str]
    counts: list[int]
    normal: str | None
    ensemble: Ensemble
    state: PreparerState
    metrics: dict[str, Any] = field(default_factory=dict, repr=False)
    label_dtype: str = "str"
    reference: Reference | None = field(default=None, repr=False)

    @property
    def decoder(self) -> Decoder:
        """A decoder with the settings of training."""
        return Decoder(self.config.reading, self.state.depth)

    @cached_property
    def evidence(self) -> Evidence | None:
        """The out-of-fold probabilities of the training records; None without cross-fitting."""
        return None if self.reference is None else self.reference.evidence(self.classes, self.normal)

    @cached_property
    def point(self) -> OperatingPoint | None:
        """The operating point that the configuration asks for; None if it asks for none."""
        return choose_point(self.evidence, self.normal, self.config.decision)

    @property
    def promises(self) -> list[str]:
        """The rates of errors that are promised, or refused, in sentences."""
        return [promise.in_words() for promise in self.point.promises.values()] if self.point else []

    @cached_property
    def sets(self) -> PredictionSets | None:
        """The prediction sets; None without cross-fitting."""
        return None if self.evidence is None else PredictionSets.of(self.evidence)

    @cached_property
    def novelty(self) -> Novelty | None:
        """Compares records with the training records; None with too few of them."""
        return None if self.reference is None else self.reference.novelty()

    def with_settings(self, settings: Sequence[str]) -> "Model":
        """The model with other settings of `decision`, as `key=value`; those of promises and costs are replaced.

        Raises:
            TriptychError: a setting is not valid, or a promise is asked for and no class is normal.
        """
        config = self.config.changed(*UNPROMISED, *settings)
        check_wish(self.normal, config.decision)
        return replace(self, config=config)

    def choose(self, probabilities: Tensor) -> list[str]:
        """The chosen class of each of n records, from probabilities [n, classes]."""
        chosen = choose_classes(probabilities.numpy(), self.counts, self.config.decision.balance)
        return [self.classes[i] for i in chosen.tolist()]
