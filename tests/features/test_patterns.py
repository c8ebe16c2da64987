import numpy as np
import pytest

from triptych.features.patterns import SIDE, pattern_features

PLACES = np.mgrid[0:SIDE, 0:SIDE][::-1] / SIDE * 2 - 1 + 1 / SIDE  # x, and y downwards


def _map(where):
    density = where.astype(np.float32)
    return density / density.sum()


def _even():
    return _map(np.hypot(*PLACES) <= 1)


def _ring():
    return _map((np.hypot(*PLACES) > 0.8) & (np.hypot(*PLACES) <= 1))


def _scratch():
    x, y = PLACES
    return 0.5 * _even() + 0.5 * _map((np.abs(x - y) < 0.05) & (np.abs(x) < 0.5))


def _spot():
    x, y = PLACES
    return 0.5 * _even() + 0.5 * _map(np.hypot(x - 0.5, y) < 0.2)


def _features(density):
    return {name: value[0] for name, value in pattern_features(density[None]).items()}


def test_even_dots_have_density_one_and_no_spots():
    features = _features(_even())
    assert features["fine_7"] == pytest.approx(np.log1p(1), abs=0.02)
    assert features["spot_0"] == features["spot_8"] == 0
    assert features["spread_1"] == pytest.approx(0, abs=0.01)


def test_a_spot_is_found_with_its_share_and_place():
    features = _features(_spot())
    assert 0.45 < features["spot_0"] < 0.75
    assert features["spot_4"] == pytest.approx(0.5, abs=0.05)
    assert features["peak_0"] == pytest.approx(0.5, abs=0.1)


def test_a_ring_and_a_scratch_are_told_from_even_dots():
    even, ring, scratch = (_features(density) for density in (_even(), _ring(), _scratch()))
    assert ring["ring_7"] > even["ring_7"] + 0.2
    assert scratch["line_0"] > max(even["line_0"], ring["line_0"]) + 0.2


@pytest.mark.parametrize("pattern", [_ring, _scratch, _spot])
def test_turning_the_plot_changes_next_to_nothing(pattern):
    found, turned = _features(pattern()), _features(np.rot90(pattern()).copy())
    for name in found:
        if not name.startswith(("likeness", "line_5", "line_11")):  # of several lines alike, the first is named
            assert turned[name] == pytest.approx(found[name], abs=0.02), name


def test_a_single_dot_gives_finite_features():
    density = np.zeros((SIDE, SIDE), dtype=np.float32)
    density[3, 4] = 1
    assert all(np.isfinite(value) for value in _features(density).values())


def test_each_map_of_a_batch_has_its_own_spots():
    features = pattern_features(np.stack([_even(), _spot(), _ring()]))
    assert features["spot_0"][0] == 0 < features["spot_0"][1]
    for i, density in enumerate((_even(), _spot(), _ring())):
        assert {name: values[i] for name, values in features.items()} == _features(density)
