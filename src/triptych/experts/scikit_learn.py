"""Experts that are scikit-learn estimators: any of ESTIMATORS, as `sklearn:<name>` (beyond the paper).

They learn from the readings features, with drawn records, if there are numbers, and otherwise from frozen features of
the picture. They are stored with skops, which loads no code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from triptych.config import Config
from triptych.errors import TriptychError
from triptych.experts.expert import Context, TrainingSet
from triptych.experts.frozen import pooled
from triptych.experts.likelihood import log_normalised
from triptych.experts.linear import Examples, Floats, rows_of, scaled
from triptych.experts.readings import has_numbers
from triptych.features.scaling import fit_scales
from triptych.preparation.branch_inputs import BranchInputs
from triptych.progress import Track
from triptych.records.splits import folds

TRUSTED = ["sklearn.calibration._CalibratedClassifier", "sklearn.calibration._SigmoidCalibration"]  # pure Python
READINGS, IMAGE = 0, 1  # sources of features


@dataclass(frozen=True)
class FittedEstimator:
    """An estimator on standardised features.

    Attributes:
        estimator: the fitted estimator, with `predict_proba`.
        scales: the scales of the features.
        source: the source of the features, READINGS or IMAGE.
        classes: the number of classes; the training records of the estimator may have had fewer.
    """

    estimator: Any
    scales: Floats
    source: int
    classes: int

    def log_probabilities(self, inputs: BranchInputs) -> Tensor:
        """The log-probabilities [n, classes] of n records."""
        features = _features(inputs, self.source).double().cpu().numpy()
        shares = np.zeros((len(features), self.classes))
        shares[:, self.estimator.classes_] = self.estimator.predict_proba(scaled(features, self.scales))
        return log_normalised(torch.from_numpy(shares).clamp_min(1e-12).log())

    def state(self) -> dict[str, Tensor]:
        """The scales, the source, and the estimator in the format of skops."""
        import skops.io

        kept = np.frombuffer(skops.io.dumps(self.estimator), dtype=np.uint8).copy()
        return {
            "scales": torch.from_numpy(self.scales),
            "source": torch.tensor(self.source),
            "estimator": torch.from_numpy(kept),
        }


class Estimator:
    """A scikit-learn estimator as an expert.

    Args:
        name: one of ESTIMATORS.

    Raises:
        TriptychError: `name` is unknown.
    """

    averaged: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        if name not in ESTIMATORS:
            raise TriptychError(f"experts: sklearn:{name} is unknown; choose among {', '.join(ESTIMATORS)}")
        self.name = name

    def takes_part(self, data: TrainingSet) -> bool:
        """Whether there are numbers, or frozen features of the picture."""
        return has_numbers(data) or not data.context.encoders.trains_images

    def fit(self, data: TrainingSet, track: Track) -> FittedEstimator:
        """Learn from numbers, with drawn records, or otherwise from pictures."""
        from sklearn.utils.validation import has_fit_parameter

        source = READINGS if has_numbers(data) else IMAGE
        examples, sides = _examples(data, source)
        scales = fit_scales(examples.features[: examples.own])
        estimator = ESTIMATORS[self.name](data.context.config, _inner_folds(examples, sides, data.context.config))
        weights = {"sample_weight": examples.weights} if has_fit_parameter(estimator, "sample_weight") else {}
        estimator.fit(scaled(examples.features, scales), examples.labels, **weights)
        return FittedEstimator(estimator, scales, source, data.context.sizes.classes)

    def restore(self, state: Mapping[str, Tensor], context: Context) -> FittedEstimator:
        """The fitted expert; types that neither skops trusts nor TRUSTED lists are refused."""
        import skops.io

        estimator = skops.io.loads(state["estimator"].numpy().tobytes(), trusted=TRUSTED)
        return FittedEstimator(estimator, state["scales"].numpy(), int(state["source"]), context.sizes.classes)


def _features(inputs: BranchInputs, source: int) -> Tensor:
    if source == IMAGE:
        return pooled(inputs.image)
    assert inputs.readings is not None
    return inputs.readings


def _examples(data: TrainingSet, source: int) -> tuple[Examples, list[int]]:
    """Examples, and a number for each record that is equal for records with a common picture or group.

    The time of a support vector machine grows with the square of the number of examples. If there are more than
    `sklearn.most_examples`, fewer drawn records are used for each record, and then a random part of the records.
    """
    config, inputs = data.context.config, data.inputs
    most, count = config.sklearn.most_examples, len(data.labels)
    rows = torch.from_numpy(np.sort(np.random.default_rng(config.seed).permutation(count)[:most]))
    drawn = None
    if source == READINGS and inputs.variants is not None:
        drawn = inputs.variants[rows, : most // len(rows) - 1]
    sides = rows if inputs.same_image is None else inputs.same_image[rows]
    return Examples.of(_features(inputs, source)[rows], data.labels[rows], drawn), sides.tolist()


InnerFolds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


def _inner_folds(examples: Examples, sides: Sequence[int], config: Config) -> InnerFolds:
    """Folds for calibration; records with a common picture or group, and those drawn from them, stay together."""
    labels = [str(label) for label in examples.labels[: examples.own]]
    parts = folds(labels, sides, config.cross_fitting.folds, config.seed)
    return [(rows_of(examples, known), rows_of(examples, held)) for known, held in parts]


def _svc(config: Config, inner: InnerFolds) -> Any:
    """A support vector machine, with probabilities by Platt scaling on held-out records."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC

    machine = SVC(C=config.sklearn.svc_strength)
    return CalibratedClassifierCV(machine, cv=inner or 2, ensemble=False)


def _k_neighbors(config: Config, inner: InnerFolds) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(weights="distance", algorithm="brute")


ESTIMATORS: dict[str, Callable[[Config, InnerFolds], Any]] = {
    "svc": _svc,
    "k_neighbors": _k_neighbors,
}
