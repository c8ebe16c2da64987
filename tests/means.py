"""The mean of each class in the place of training, for tests of what DefectClassifier does around it.

What it knows of a record is its readings and how bright its picture is.
"""

import math
from contextlib import nullcontext

import numpy as np

from triptych.config import DecisionConfig
from triptych.decision import decide, undecided
from triptych.errors import RecordError
from triptych.model.model import Model
from triptych.model.prediction import Assessment
from triptych.preparation.state import PreparerState
from triptych.training.fitting import Fitted
from triptych.training.training_data import check_classes


def fit_means(records, config, work_dir, track):
    """In the place of `triptych.training.fitting.fit`: a model whose experts are the mean of each class."""
    classes = check_classes(records)
    seen = [(record.label, _seen(record)) for record in records]
    fields = sorted({name for _, numbers in seen for name in numbers})
    means = {
        label: {name: np.mean([numbers.get(name, 0.0) for own, numbers in seen if own == label]) for name in fields}
        for label in classes
    }
    return Fitted(Model(config, classes, [1] * len(classes), None, means, PreparerState()), [])


def assess_means(model, preparer, records, track, explain=False):
    """In the place of `triptych.model.prediction.assess`."""
    for record in records:
        try:
            numbers = _seen(record)
        except RecordError as error:
            yield Assessment(record, undecided(str(error), model.classes), error=str(error))
            continue
        far = [sum((numbers.get(f, 0.0) - m) ** 2 for f, m in mean.items()) for mean in model.ensemble.values()]
        near = [math.exp(min(far) - distance) for distance in far]
        shares = dict(zip(model.classes, np.divide(near, sum(near)).tolist(), strict=True))
        yield Assessment(record, decide(max(shares, key=lambda name: shares[name]), shares, [], DecisionConfig()))


def use_means(patch):
    """Let `DefectClassifier` learn means."""
    patch.setattr("triptych.classifier.fit", fit_means)
    patch.setattr("triptych.classifier.assess", assess_means)
    patch.setattr("triptych.classifier.Preparer", lambda *_: nullcontext())


def _seen(record):
    numbers = {name: value for name, value in record.readings.items() if isinstance(value, float)}
    return numbers | {"brightness": float(np.asarray(record.load_image()).mean() / 255)}
