"""Points of the five classes: on average they match Table 1 of the paper, and records differ."""

import numpy as np
import pytest

from triptych.simulate.classes import CLASS_SPECS, CLASSES, draw_points

RECORDS = 400


@pytest.fixture(scope="module")
def moments():
    """Mean, log variance [records, 2] of many records of every class."""
    rng = np.random.default_rng(0)
    drawn = {label: [draw_points(label, rng) for _ in range(RECORDS)] for label in CLASSES}
    return {
        label: (np.array([p.mean(axis=0) for p in records]), np.array([np.log(p.var(axis=0)) for p in records]))
        for label, records in drawn.items()
    }


def test_the_classes_are_the_paper_s_with_its_counts():
    assert CLASSES == ("normal", "type-1", "type-2", "type-3", "type-4")
    assert [CLASS_SPECS[label].count for label in CLASSES] == [225, 92, 44, 50, 44]


@pytest.mark.parametrize("label", CLASSES)
def test_means_scatter_around_the_class_mean(label, moments):
    means, spec = moments[label][0], CLASS_SPECS[label]
    assert means.mean(axis=0) == pytest.approx(spec.mean, abs=4 * spec.mean_sd / RECORDS**0.5)
    assert means.std(axis=0) == pytest.approx([spec.mean_sd] * 2, rel=0.15)


@pytest.mark.parametrize("label", ["normal", "type-1", "type-2", "type-4"])
def test_variances_scatter_around_the_class_variances_by_a_common_and_an_opposite_factor(label, moments):
    logs, spec = moments[label][1], CLASS_SPECS[label]
    ((_, variances),) = spec.variances
    assert logs.mean(axis=0) == pytest.approx(np.log(variances), abs=0.1)
    assert (logs.sum(axis=1) / 2).std() == pytest.approx(spec.size_sd, rel=0.2)
    assert ((logs[:, 0] - logs[:, 1]) / 2).std() == pytest.approx(spec.stretch_sd, rel=0.2)


def test_type_3_stretches_along_x_in_62_percent_of_records_and_else_along_y(moments):
    logs = moments["type-3"][1]
    # The two pairs of variances have half-log-ratios of +0.42 and -0.39; the mean of the mixture gives their shares.
    ratio = ((logs[:, 0] - logs[:, 1]) / 2).mean()
    x, y = np.log(10.4 / 4.5) / 2, np.log(4.4 / 9.6) / 2
    assert (ratio - y) / (x - y) == pytest.approx(0.62, abs=0.08)


def test_correlation_varies_between_records_and_stays_within_its_bounds():
    rng = np.random.default_rng(1)
    rho = np.array([np.corrcoef(draw_points("normal", rng).T)[0, 1] for _ in range(RECORDS)])
    assert rho.std() == pytest.approx(0.2, abs=0.04)
    assert np.abs(rho).max() < 0.75  # 0.6 and the noise of a few hundred points


def test_hole_counts_have_median_500_and_stay_between_120_and_2500():
    rng = np.random.default_rng(2)
    counts = np.array([len(draw_points("normal", rng)) for _ in range(2000)])
    assert np.median(counts) == pytest.approx(500, rel=0.08)
    assert np.log(counts).std() == pytest.approx(0.5, rel=0.1)
    assert counts.min() >= 120
    assert counts.max() <= 2500


def test_the_same_generator_gives_the_same_points():
    first, second = (draw_points("type-1", np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, second)
