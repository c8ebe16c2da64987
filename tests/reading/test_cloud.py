import numpy as np
import pytest

from triptych.reading.cloud import Cloud


def grid(points, cell=0.02):
    """The cloud of `points` [n, 2] counted in square cells."""
    edges = np.arange(-1.2, 1.2 + cell / 2, cell)
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=[edges, edges])
    middles = (edges[:-1] + edges[1:]) / 2
    return Cloud(counts[::-1] / counts.sum(), middles, middles[::-1], spread=cell**2 / 12)


@pytest.fixture(scope="module")
def points():
    """Points of a correlated normal distribution."""
    rng = np.random.default_rng(1)
    return rng.multivariate_normal([0.2, -0.1], [[0.04, 0.015], [0.015, 0.02]], size=20_000)


def test_moments_are_those_of_the_points(points):
    moments = grid(points).moments()
    assert (moments["centroid_x"], moments["centroid_y"]) == pytest.approx(points.mean(axis=0), abs=1e-3)
    assert (moments["sigma_x"], moments["sigma_y"]) == pytest.approx(points.std(axis=0), rel=5e-3)
    assert moments["correlation"] == pytest.approx(np.corrcoef(points.T)[0, 1], abs=5e-3)


def test_the_long_axis_points_along_the_cloud(points):
    moments = grid(points).moments()
    values, axes = np.linalg.eigh(np.cov(points.T))
    assert moments["sigma_major"] == pytest.approx(np.sqrt(values[1]), rel=1e-2)
    assert np.tan(np.radians(moments["angle"])) == pytest.approx(axes[1, 1] / axes[0, 1], rel=2e-2)


def test_a_normal_cloud_has_normal_kurtoses(points):
    kurtoses = grid(points).kurtoses()
    assert kurtoses["kurtosis_x"] == pytest.approx(3, abs=0.15)
    assert kurtoses["kurtosis_r"] == pytest.approx(2, abs=0.1)


def test_quantiles_and_ring_shares_are_those_of_the_points(points):
    cloud, radius = grid(points), np.hypot(*points.T)
    assert cloud.quantiles_x([0.1, 0.5, 0.9]) == pytest.approx(np.quantile(points[:, 0], [0.1, 0.5, 0.9]), abs=5e-3)
    assert cloud.quantiles_y([0.1, 0.5, 0.9]) == pytest.approx(np.quantile(points[:, 1], [0.1, 0.5, 0.9]), abs=5e-3)
    assert cloud.quantiles_r([0.5]) == pytest.approx(np.quantile(radius, [0.5]), abs=5e-3)
    inside = np.histogram(radius, [0, 0.2, 0.5, 1])[0] / len(points)
    assert cloud.ring_shares([0, 0.2, 0.5, 1]) == pytest.approx(inside, abs=0.01)


def test_bands_are_counted_from_the_mean_in_sigmas_and_sum_to_one(points):
    shares = grid(points).marginal_x((-1.0, 0.0, 1.0))
    assert shares == pytest.approx((0.159, 0.341, 0.341, 0.159), abs=0.01)
    assert sum(shares) == pytest.approx(1)


def test_the_density_map_has_y_upwards_and_keeps_every_share():
    cloud = grid(np.array([[0.5, 0.75]] * 4))
    density = cloud.density_map(4)
    assert density.dtype == np.float32
    assert density.sum() == pytest.approx(1)
    assert density[0, 2:].sum() == pytest.approx(1)  # the top row, right half
