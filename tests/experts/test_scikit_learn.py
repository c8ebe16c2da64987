from dataclasses import replace

import numpy as np
import pytest
import skops.io
import torch
from skops.io.exceptions import UntrustedTypesFoundException

from triptych.experts.scikit_learn import Estimator
from triptych.progress import silent


def test_a_type_that_is_not_trusted_is_refused(data):
    from sklearn.tree import DecisionTreeClassifier

    expert = Estimator("svc")
    state = expert.fit(data, silent).state()
    tree = DecisionTreeClassifier().fit(np.zeros((2, 4)), [0, 1])  # skops does not trust its nodes
    other = torch.from_numpy(np.frombuffer(skops.io.dumps(tree), dtype=np.uint8).copy())
    with pytest.raises(UntrustedTypesFoundException):
        expert.restore(state | {"estimator": other}, data.context)


def _fitted_with_most(data, most):
    inputs = replace(data.inputs, variants=data.inputs.readings[:, None].repeat(1, 8, 1))
    context = replace(data.context, config=data.context.config.changed(f"sklearn.most_examples={most}"))
    return Estimator("k_neighbors").fit(replace(data, inputs=inputs, context=context), silent)


@pytest.mark.parametrize(("most", "examples"), [(10_000, 270), (270, 270), (100, 90), (59, 30), (20, 20)])
def test_of_many_examples_drawn_ones_are_left_out_first(data, most, examples):
    fitted = _fitted_with_most(data, most)
    assert fitted.estimator.n_samples_fit_ == examples
    assert torch.isfinite(fitted.log_probabilities(data.inputs)).all()
