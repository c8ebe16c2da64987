import numpy as np
import pytest

from triptych.features.maps import Maps
from triptych.features.outline import DEVIATIONS, outline_features
from triptych.simulate.shapes import candy, gaussian, heavy_tailed


def _counts(points, side=400):
    """The number of dots in each cell of a map around `points`, and the centres of its rows and columns."""
    limit = 1.001 * np.abs(points).max()
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=side, range=[[-limit, limit]] * 2)
    return counts, (np.arange(side) + 0.5) / side * 2 * limit - limit


def _features(points):
    counts, centres = _counts(points)
    mean, sigma = points.mean(axis=0)[:, None], points.std(axis=0)[:, None]
    x, y = (centres - mean) / sigma
    return {name: value[0] for name, value in outline_features(Maps(counts[None]), x[None], y[None]).items()}


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
    features = _features(np.stack([line, line], axis=1))
    assert all(np.isfinite(value) for value in features.values())


def test_the_profiles_are_those_of_the_single_dots():
    rng = np.random.default_rng(0)
    counts, x, y = rng.poisson(0.5, (1, 12, 12)), np.linspace(-2, 2.2, 12), np.linspace(2.3, -2, 12)
    found = outline_features(Maps(counts), x[None], y[None])
    rows, columns = (np.repeat(places, counts[counts > 0]) for places in np.nonzero(counts[0]))
    x, y = x[columns], y[rows]
    rho = np.mean(x * y)
    square = (x * x - 2 * rho * x * y + y * y) / (1 - rho**2)
    assert found["correlation"][0] == pytest.approx(rho)
    assert found["within_5"][0] == pytest.approx(np.mean(square < 3))
    assert found["distance_1"][0] == pytest.approx(np.mean(np.log(square + 1e-3)))
    profiles = []
    for along, across in ((x, y - rho * x), (y, x - rho * y)):
        size = np.abs(along)
        wings, core = (np.sqrt(np.var(across[where]) + 1e-6) for where in (size > 1.1, size < 0.8))
        below = [np.mean(size < bound) for bound in DEVIATIONS]
        moments = [np.mean(power) for power in (size**4, size, size**3)]
        profiles.append([*moments, *below, np.log(wings / core), np.mean(along**2 * across**2)])
    flatter, other = sorted(profiles)
    assert [found[f"flatter_{i}"][0] for i in range(15)] == pytest.approx(flatter)
    assert [found[f"other_{i}"][0] for i in range(15)] == pytest.approx(other)
