import numpy as np
import pytest

from triptych.augment import Source
from triptych.augment.resample import Resample
from triptych.features.readings import reading_features
from triptych.records.fields import point_readings, ring_names
from triptych.simulate.shapes import candy, gaussian

EDGES = [0.0, 2.0, 4.0, 8.0]
RADIUS, SIDE = 32.0, 96


def _source(label, points, readings=None):
    cells = ((points / RADIUS * (1, -1) + 1) / 2 * SIDE).astype(int)
    density = np.zeros((SIDE, SIDE), dtype=np.float32)
    np.add.at(density, (cells[:, 1], cells[:, 0]), 1 / len(points))
    known = point_readings(points, EDGES) if readings is None else readings
    return Source(label, known, density=density, um_per_radius=RADIUS, dots=float(len(points)))


def _sources(n=12):
    rng = np.random.default_rng(0)
    found = []
    for label, shape, mean, sigma in (("ok", gaussian, (0, 0), 2.0), ("sweet", candy, (5, -3), 3.0)):
        for _ in range(n):
            points = shape(600, rng)
            points = points / points.std(axis=0) * sigma * rng.uniform(0.8, 1.25, size=2)
            found.append(_source(label, points + mean + rng.normal(0, 1, size=2)))
    return found


def _drawn(sources, count, seed=0):
    return list(Resample().draw(sources, count, np.random.default_rng(seed)))


def test_every_record_is_drawn_from_as_often():
    assert sorted(item.origin for item in _drawn(_sources(), 48)) == sorted(2 * list(range(24)))


def test_moments_keep_the_spread_of_their_class_and_stay_near_their_record():
    sources = _sources(30)
    drawn = [item for item in _drawn(sources, 600) if sources[item.origin].label == "sweet"]
    new = np.array([[item.readings[name] for name in ("mean_x", "mean_y", "sigma_x")] for item in drawn])
    own = np.array([[s.readings[n] for n in ("mean_x", "mean_y", "sigma_x")] for s in sources if s.label == "sweet"])
    np.testing.assert_allclose(new.mean(axis=0), own.mean(axis=0), atol=0.25)
    np.testing.assert_allclose(new.std(axis=0), own.std(axis=0), rtol=0.25)
    origins = np.array([sources[item.origin].readings["mean_x"] for item in drawn])
    assert 0.4 < np.corrcoef(origins, new[:, 0])[0, 1] < 0.95


def test_the_outline_is_that_of_the_record():
    sources = _sources()
    flare = {"ok": [], "sweet": []}
    for item in _drawn(sources, 48):
        flare[sources[item.origin].label].append(reading_features({}, item.density)["∴ plot_flatter_13"])
    assert np.mean(flare["sweet"]) > np.mean(flare["ok"]) + 0.2
    of_record = [reading_features({}, s.density)["∴ plot_flatter_13"] for s in sources if s.label == "sweet"]
    assert np.mean(flare["sweet"]) == pytest.approx(np.mean(of_record), abs=0.12)


def test_readings_and_plot_tell_of_the_same_points():
    item = _drawn(_sources(), 1)[0]
    features = reading_features({}, item.density)
    assert features["∴ plot_centroid_x"] * RADIUS == pytest.approx(item.readings["mean_x"], abs=0.1)
    assert np.exp(features["∴ plot_log_sigma_y"]) * RADIUS == pytest.approx(item.readings["sigma_y"], rel=0.05)
    assert sum(item.readings[name] for name in ring_names(item.readings)) == item.readings["total"]


def test_only_readings_that_the_record_has_are_computed():
    points = np.random.default_rng(0).normal(0, 2, (500, 2))
    sources = [_source("a", points, {"total": 500.0, "lot": "K1", "torque": 3.0}) for _ in range(2)]
    readings = _drawn(sources, 1)[0].readings
    assert set(readings) == {"total", "lot", "torque"}
    assert (readings["lot"], readings["torque"]) == ("K1", 3.0)


def test_the_seed_decides():
    sources = _sources(2)
    assert _drawn(sources, 3, seed=1)[2].readings == _drawn(sources, 3, seed=1)[2].readings
    assert _drawn(sources, 3, seed=1)[2].readings != _drawn(sources, 3, seed=2)[2].readings


def test_records_without_a_plot_or_with_one_dot_give_nothing_to_draw_from():
    dot = np.zeros((SIDE, SIDE), dtype=np.float32)
    dot[3, 4] = 1
    assert _drawn([Source("a", {"yield": 1.0}), Source("b", {}, density=dot)], 10) == []
