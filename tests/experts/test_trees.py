from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier

from triptych.experts.trees import LEAF, Forest, Trees
from triptych.progress import silent


@pytest.fixture(scope="module")
def grown():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(200, 5)), np.repeat([0, 2], 100)
    x[100:] += 0.7
    return ExtraTreesClassifier(20, random_state=0).fit(x, y), x


@pytest.fixture
def forest(grown):
    return Forest.of(grown[0].estimators_, grown[0].classes_, 3)


def test_it_says_what_scikit_learn_says(grown, forest):
    trees, _ = grown
    x = np.random.default_rng(1).normal(size=(300, 5))
    np.testing.assert_allclose(forest.probabilities(x)[:, [0, 2]], trees.predict_proba(x), atol=1e-6)
    assert not forest.probabilities(x)[:, 1].any()


def test_trees_of_many_examples_have_larger_leaves(data):
    fitted = {}
    for most in (5000, 6):
        context = replace(
            data.context, config=data.context.config.changed("trees.count=5", f"trees.most_leaves={most}")
        )
        fitted[most] = Trees().fit(replace(data, context=context), silent).forest
    leaves = {most: int((forest.children[:, 0] == LEAF).sum()) / 5 for most, forest in fitted.items()}
    assert leaves[6] <= 6 < leaves[5000]


def _changed(forest, name, place, value):
    array = getattr(forest, name).copy()
    array[place] = value
    return Forest(**{**vars(forest), name: array})


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("roots", 0, -1),
        ("roots", 0, 10**9),
        ("children", (0, 0), 10**9),
        ("children", (0, 0), -2),
        ("children", (0, 1), -1),
        ("feature", 0, 5),
        ("feature", 0, -1),
    ],
)
def test_nodes_and_features_that_are_not_there_are_refused(forest, name, place, value):
    assert forest.check(5, 3) is forest
    with pytest.raises(ValueError, match="do not exist"):
        _changed(forest, name, place, value).check(5, 3)


def test_other_sizes_are_refused(forest):
    with pytest.raises(ValueError, match="do not exist"):
        forest.check(5, 2)


def test_a_loop_of_nodes_ends(forest):
    looped = _changed(forest, "children", 0, [0, 0]).check(5, 3)
    assert looped.probabilities(np.zeros((2, 5))).shape == (2, 3)
