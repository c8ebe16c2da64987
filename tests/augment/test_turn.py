import numpy as np
import pytest

from triptych.augment import Source
from triptych.augment.turn import Turn


def _source():
    density = np.zeros((4, 4), dtype=np.float32)
    density[0, 3] = 1  # at the upper right
    density[1, 1] = 2  # left of the middle, a little up
    readings = {"mean_x": 3.0, "mean_y": 1.0, "sigma_x": 2.0, "sigma_y": 5.0, "total": 3.0, "lot": "A"}
    return Source("spot", readings, density=density / 3)


def _drawn(count=7):
    return list(Turn().draw([_source()], count, np.random.default_rng(0)))


def test_the_seven_ways_differ_from_one_another_and_from_the_record():
    plots = {item.density.tobytes() for item in _drawn()} | {_source().density.tobytes()}
    assert len(plots) == 8


def test_means_and_sigmas_turn_with_the_plot():
    """The dots' mean, worked out from each plot, moves as the readings say."""
    x, y = np.meshgrid([-0.75, -0.25, 0.25, 0.75], [0.75, 0.25, -0.25, -0.75])
    places = np.array([[(item.density * x).sum(), (item.density * y).sum()] for item in [_source(), *_drawn()]])
    first = places[0]
    for place, item in zip(places[1:], _drawn(), strict=True):
        swapped = np.allclose(np.abs(place), np.abs(first[::-1]))
        expected = np.array([1.0, 3.0] if swapped else [3.0, 1.0]) * np.sign(place) * np.sign(first[0])
        expected *= np.sign(first[0])
        assert [item.readings["mean_x"], item.readings["mean_y"]] == pytest.approx(list(expected))
        assert item.readings["sigma_x"] == (5.0 if swapped else 2.0)


def test_everything_else_stays():
    assert {(item.readings["total"], item.readings["lot"], item.origin) for item in _drawn()} == {(3.0, "A", 0)}


def test_records_without_a_plot_give_nothing():
    assert list(Turn().draw([Source("a", {"yield": 1.0})], 5, np.random.default_rng(0))) == []
