import numpy as np
import pytest
import skops.io
import torch
from skops.io.exceptions import UntrustedTypesFoundException

from triptych.experts.estimators import Estimator
from triptych.progress import silent


def test_a_type_that_is_not_trusted_is_refused(data):
    from sklearn.tree import DecisionTreeClassifier

    expert = Estimator("svc")
    state = expert.fit(data, silent).state()
    tree = DecisionTreeClassifier().fit(np.zeros((2, 4)), [0, 1])  # skops does not trust its nodes
    other = torch.from_numpy(np.frombuffer(skops.io.dumps(tree), dtype=np.uint8).copy())
    with pytest.raises(UntrustedTypesFoundException):
        expert.restore(state | {"estimator": other}, data.context)
