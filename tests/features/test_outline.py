import numpy as np
import pytest

from triptych.features.outline import outline_features
from triptych.simulate.shapes import candy, gaussian, heavy_tailed


def _features(points):
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    return outline_features(*points.T, np.full(len(points), 1 / len(points)))


def _drawn(shape, seed=0, n=4000):
    return shape(n, np.random.default_rng(seed))


def test_a_bell_has_the_moments_of_the_normal_distribution():
    features = _features(_drawn(gaussian, n=100_000))
    assert features["tilt"] == pytest.approx(0, abs=0.02)
    assert features["within_3"] == pytest.approx(1 - np.exp(-0.75), abs=0.01)  # squared distance below 1.5
    assert features["flatter_0"] == pytest.approx(3, abs=0.1)  # kurtosis
    assert features["flatter_13"] == pytest.approx(0, abs=0.05)  # wings as wide as the core


def test_wings_and_tails_show():
    bell, sweet, tails = (_features(_drawn(shape)) for shape in (gaussian, candy, heavy_tailed))
    assert sweet["flatter_13"] > bell["flatter_13"] + 0.3  # wings that are broader than the core
    assert sweet["flatter_0"] < bell["flatter_0"] - 0.15
    assert tails["distance_0"] > bell["distance_0"] + 0.1


def test_the_flatter_axis_comes_first_whichever_it_is():
    points = _drawn(candy)
    upright, lying = _features(points), _features(points[:, ::-1])
    for name in upright:
        if name.startswith(("flatter", "other", "within")):
            assert upright[name] == pytest.approx(lying[name])
    assert upright["axes_0"] == pytest.approx(-lying["axes_0"])


def test_dots_that_lie_on_one_line_give_finite_features():
    line = np.linspace(-1, 1, 9)
    features = outline_features(line, line, np.full(9, 1 / 9))
    assert all(np.isfinite(value) for value in features.values())
