"""The shapes: how candy and heavy tails differ from a Gaussian cloud."""

import numpy as np
import pytest
from scipy.stats import kurtosis

from triptych.simulate.shapes import candy, gaussian, heavy_tailed

N = 40_000


@pytest.mark.parametrize("shape", [gaussian, candy, heavy_tailed])
def test_a_shape_is_centred_and_has_one_row_per_point(shape):
    points = shape(N, np.random.default_rng(1))
    assert points.shape == (N, 2)
    assert np.abs(points.mean(axis=0)).max() < 0.05


def test_a_gaussian_has_no_excess_kurtosis():
    assert np.abs(kurtosis(gaussian(N, np.random.default_rng(2)))).max() < 0.1


def test_a_candy_has_two_wings_on_one_axis_that_are_broad_across_it():
    points = candy(N, np.random.default_rng(3))
    axis = int(points.std(axis=0).argmax())
    along, across = points[:, axis], points[:, 1 - axis]
    wings, core = np.abs(along) > 1.6, np.abs(along) < 0.4
    assert across[wings].std() == pytest.approx(1.25, abs=0.08)
    assert across[core].std() == pytest.approx(0.8, abs=0.03)
    assert (along > 1.6).mean() == pytest.approx((along < -1.6).mean(), abs=0.01)
    assert kurtosis(along) < -0.3  # two wings make an axis flat


def test_the_share_of_points_in_the_wings_lies_between_20_and_45_percent():
    rng = np.random.default_rng(4)
    # E[along^2] = share * (1.7^2 + 0.45^2) + (1 - share) * 0.55^2, so the share follows from the variance.
    variances = np.array([candy(N, rng).var(axis=0).max() for _ in range(30)])
    shares = (variances - 0.55**2) / (1.7**2 + 0.45**2 - 0.55**2)
    assert 0.19 < shares.min() < 0.27
    assert 0.38 < shares.max() < 0.46


def test_candies_occur_along_x_and_along_y():
    rng = np.random.default_rng(5)
    flatter = [int(kurtosis(candy(2000, rng)).argmin()) for _ in range(20)]
    assert set(flatter) == {0, 1}


def test_heavy_tails_reach_further_than_a_gaussian_s():
    rng = np.random.default_rng(6)
    for _ in range(5):
        assert kurtosis(heavy_tailed(N, rng)).min() > 0.4  # 12 degrees of freedom give 0.75, fewer give more
