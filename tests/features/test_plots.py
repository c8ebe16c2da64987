import numpy as np
import pytest

from triptych.features.plots import BATCH, RADII, plot_features
from triptych.simulate.shapes import candy, gaussian, heavy_tailed


def _map(shape, seed, n=400, side=96):
    rng = np.random.default_rng(seed)
    cells = np.clip((shape(n, rng) * 0.12 + rng.uniform(0.4, 0.6, size=2)) * side, 0, side - 1).astype(int)
    density = np.zeros((side, side), dtype=np.float32)
    np.add.at(density, (cells[:, 1], cells[:, 0]), np.float32(1 / n))
    return density


@pytest.fixture(scope="module")
def maps():
    """More maps than a batch, with few and many dots."""
    shapes = (gaussian, candy, heavy_tailed)
    return [_map(shapes[i % 3], seed=i, n=(5, 60, 3000)[i // 3 % 3]) for i in range(BATCH + 5)]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_features_of_a_map_do_not_depend_on_the_maps_beside_it(maps, size):
    together = plot_features(maps)
    apart = [features for i in range(0, len(maps), size) for features in plot_features(maps[i : i + size])]
    assert apart == together  # bit for bit, so that a resumed run equals an uninterrupted one
    assert plot_features(maps[::-1])[::-1] == together


def test_maps_of_different_sizes_keep_their_order(maps):
    mixed = [maps[0], _map(gaussian, 0, side=64), maps[1]]
    assert plot_features(mixed) == [plot_features([one])[0] for one in mixed]


def test_position_size_and_radii_are_those_of_the_dots():
    density = np.zeros((96, 96), dtype=np.float32)
    density[47, [60, 70]] = 3, 1
    features = plot_features([density])[0]
    x, y = (np.array([60, 60, 60, 70]) + 0.5) / 48 - 1, 1 - 47.5 / 48
    assert features["∴ plot_centroid_x"] == pytest.approx(x.mean())
    assert features["∴ plot_centroid_y"] == pytest.approx(y)
    assert features["∴ plot_offset"] == pytest.approx(np.hypot(x.mean(), y))
    assert features["∴ plot_log_sigma_x"] == pytest.approx(np.log(x.std()))
    assert features["∴ plot_log_sigma_y"] == pytest.approx(np.log(1 / 96**2))  # the least
    near = [features[f"∴ plot_radius_{bound}"] for bound in RADII]
    assert near == [np.mean(np.hypot(x, y) < bound) for bound in RADII]


def test_no_maps_have_no_features():
    assert plot_features([]) == []
