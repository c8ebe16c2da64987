from collections import Counter

import numpy as np
import pytest

from triptych.augment import Source
from triptych.augment.class_gaussian import Gaussian
from triptych.records.fields import point_readings, ring_names

EDGES = [0.0, 2.0, 4.0, 8.0]


def _sources(n=30) -> list[Source]:
    rng = np.random.default_rng(0)
    clouds = {"ok": ((0, 0), (2, 2)), "off": ((5, -3), (3, 1.5))}
    return [
        Source(label, point_readings(rng.normal(mean, sigma, (400, 2)), EDGES), correlation=0.3)
        for label, (mean, sigma) in clouds.items()
        for _ in range(n if label == "ok" else n // 3)
    ]


def _drawn(count=40, seed=0):
    return list(Gaussian().draw(_sources(), count, np.random.default_rng(seed)))


def test_classes_keep_their_proportions():
    assert Counter(record.label for record in _drawn(40)) == {"ok": 30, "off": 10}


def test_drawn_records_follow_their_classs_mean_and_variance():
    drawn = [record.readings for record in _drawn() if record.label == "off"]
    means = {
        name: np.mean([readings[name] for readings in drawn]) for name in ("mean_x", "mean_y", "sigma_x", "sigma_y")
    }
    assert means == pytest.approx({"mean_x": 5, "mean_y": -3, "sigma_x": 3, "sigma_y": 1.5}, abs=0.15)


def test_points_are_drawn_from_the_classs_gaussian_of_equation_9():
    """Its mean is the mean of the records' means; its variances theirs, its covariance plus or minus that of rho."""
    asked = []

    class Watched(np.random.Generator):
        def multivariate_normal(self, mean, cov, size):
            asked.append((mean, cov, size))
            return super().multivariate_normal(mean, cov, size)

    sources = [source for source in _sources() if source.label == "off"]
    list(Gaussian().draw(sources, 12, Watched(np.random.PCG64(0))))
    mean = [np.mean([s.readings[name] for s in sources]) for name in ("mean_x", "mean_y")]
    var_x, var_y = (np.mean([s.readings[name] ** 2 for s in sources]) for name in ("sigma_x", "sigma_y"))
    covariance = np.mean([0.3 * s.readings["sigma_x"] * s.readings["sigma_y"] for s in sources])
    for found_mean, cov, size in asked:
        np.testing.assert_allclose(found_mean, mean)
        np.testing.assert_allclose(np.abs(cov), [[var_x, covariance], [covariance, var_y]])
        assert size == 400  # N of equation 10: the points that the readings count
    assert {np.sign(cov[0][1]) for _, cov, _ in asked} == {-1.0, 1.0}


def test_readings_are_computed_from_the_drawn_points_with_the_rings_of_the_training_records():
    readings = _drawn(2)[0].readings
    assert ring_names(readings) == ["ring_0_2", "ring_2_4", "ring_4_8", "ring_8_inf"]
    assert sum(readings[name] for name in ring_names(readings)) == readings["total"] == 400


def test_every_record_is_drawn_as_a_picture_of_its_own():
    drawn = _drawn(6)
    assert len({record.digest() for record in drawn}) == 6
    assert min(drawn[0].image.size) > 300


def test_both_signs_of_the_covariance_occur():
    from triptych.reading import digitise

    signs = {digitise(record.image).correlation > 0 for record in _drawn(12) if record.label == "ok"}
    assert signs == {True, False}


def test_the_seed_decides():
    assert _drawn(3, seed=1)[2].readings == _drawn(3, seed=1)[2].readings != _drawn(3, seed=2)[2].readings


def test_records_without_moments_give_nothing_to_draw_from():
    sources = [Source("a", {"yield": 1.0}), Source("b", {"yield": 2.0})]
    assert list(Gaussian().draw(sources, 10, np.random.default_rng(0))) == []
