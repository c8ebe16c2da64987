"""Whether records are unlike all training records."""

import numpy as np
import pytest

from triptych.decision.novelty import Novelty, Views, in_words, out_of_fold_distances, p_values

N = 200


def _views(n, seed, *, picture=0.0, readings=0.0):
    """Records of two classes; `picture` and `readings` move them away from both."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    embedding = rng.normal(size=(n, 30)) + 3 * labels[:, None]
    numbers = rng.normal(size=(n, 6)) + 2 * labels[:, None] * np.array([1, 0, 0, 0, 0, 0])
    embedding[:, ::2] += picture
    numbers[:, 3:] += readings
    return Views(embedding, numbers), labels


@pytest.fixture(scope="module")
def novelty():
    views, labels = _views(N, 0)
    distances = out_of_fold_distances(views, labels, np.arange(N) % 4)
    return Novelty.of(views, labels, distances, np.arange(N))


def _p(novelty, **moved):
    return np.array([found.p_value for found in novelty.compare(_views(400, 1, **moved)[0])])


def test_records_like_the_training_records_have_uniform_p_values(novelty):
    found = _p(novelty)
    assert 0.4 < found.mean() < 0.65
    assert (found <= 0.05).mean() < 0.09


@pytest.mark.parametrize(("moved", "view"), [({"picture": 4.0}, "picture"), ({"readings": 6.0}, "readings")])
def test_records_far_away_in_one_view_are_novel_and_the_view_is_named(novelty, moved, view):
    found = novelty.compare(_views(50, 2, **moved)[0])
    assert all(novelty.is_novel(one, 0.02) for one in found)
    assert {one.view for one in found} == {view}


def test_the_nearest_training_record_is_named(novelty):
    views, _ = _views(N, 0)
    (found,) = novelty.compare(views[np.array([17])])
    assert found.nearest == 17
    words = in_words(found, [f"r{i}" for i in range(N)], ["ok"] * N)
    assert "unlike the training records: its " in words
    assert "the nearest is r17 (ok)" in words


def test_with_few_records_only_what_is_farther_than_all_of_them_is_novel():
    views, labels = _views(40, 3)
    few = Novelty.of(views, labels, out_of_fold_distances(views, labels, np.arange(40) % 4), np.arange(40))
    far, like = few.compare(_views(1, 4, readings=8.0)[0])[0], few.compare(_views(200, 5)[0])
    assert far.p_value == 1 / 41
    assert few.is_novel(far, 0.01)
    assert np.mean([few.is_novel(one, 0.01) for one in like]) < 0.12


def test_a_share_of_nothing_switches_it_off(novelty):
    (far,) = novelty.compare(_views(1, 4, readings=20.0)[0])
    assert not novelty.is_novel(far, 0.0)


def test_missing_numbers_and_constant_columns_do_no_harm():
    views, labels = _views(N, 6)
    readings = views.readings.copy()
    readings[:, 2] = 5.0
    readings[::3, 4] = np.nan
    views = Views(views.picture, readings)
    found = Novelty.of(views, labels, out_of_fold_distances(views, labels, np.arange(N) % 4), np.arange(N))
    new = np.array([one.p_value for one in found.compare(views)])
    assert np.isfinite(new).all()


def test_the_unit_of_a_number_does_not_matter():
    views, labels = _views(N, 8)
    found = []
    for factor in (1.0, 1e-9, 1e9):
        scaled = Views(views.picture, factor * views.readings)
        novelty = Novelty.of(scaled, labels, out_of_fold_distances(scaled, labels, np.arange(N) % 4), np.arange(N))
        found.append([one.p_value for one in novelty.compare(scaled)])
    np.testing.assert_allclose(found[1], found[0], atol=0.02)
    np.testing.assert_allclose(found[2], found[0], atol=0.02)


def test_a_view_in_which_nothing_varies_says_nothing():
    views, labels = _views(N, 9)
    constant = Views(views.picture, np.full((N, 3), 7.0))
    distances = out_of_fold_distances(constant, labels, np.arange(N) % 4)
    assert set(distances) == {"picture class", "picture nearest"}
    assert {one.view for one in Novelty.of(constant, labels, distances, np.arange(N)).compare(constant)} == {"picture"}
    nothing = Views(np.zeros((N, 0)), constant.readings)
    assert out_of_fold_distances(nothing, labels, np.arange(N) % 4) == {}


def test_either_view_may_be_absent():
    views, labels = _views(N, 7)
    for part in (Views(np.zeros((N, 0)), views.readings), Views(views.picture, np.zeros((N, 0)))):
        found = Novelty.of(part, labels, out_of_fold_distances(part, labels, np.arange(N) % 4), np.arange(N))
        assert len(found.compare(part)) == N


def test_p_values_count_values_that_are_at_least_as_great():
    assert p_values(np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 9.0])).tolist() == [1.0, 0.75, 0.25]
