import math

import numpy as np
import pytest

from triptych.encoders.readings import feature_matrix, feature_names, reading_features
from triptych.reading import digitise
from triptych.simulate import CLASSES, LAYOUTS, draw_points, draw_record, draw_style


def test_shares_offset_and_stretch_are_worked_out():
    readings = {
        "total": 200.0,
        "mean_x": 3.0,
        "mean_y": -4.0,
        "sigma_x": 4.0,
        "sigma_y": 2.0,
        "ring_0_2": 50.0,
        "lot": "A",
    }
    features = reading_features(readings)
    assert features["ring_0_2_share"] == 0.25
    assert features["offset"] == 5.0
    assert features["stretch"] == pytest.approx(math.log(2))
    assert features["bias_mean_y"] == 2.0
    assert "total" not in features  # as a logarithm alone
    assert features["lot ∋ a"] == 1.0


def test_missing_fields_only_leave_out_what_follows_from_them():
    assert reading_features({"yield": 0.9, "mean_x": 1.0}) == {"yield": 0.9, "mean_x": 1.0}


def test_the_matrix_has_a_fixed_order_and_nan_where_a_record_lacks_a_field():
    records = [{"a": 1.0, "b": 2.0}, {"c": 3.0, "a": 4.0}]
    names = feature_names(records)
    assert names == ["a", "b", "c"]
    np.testing.assert_array_equal(feature_matrix(records, names), [[1, 2, np.nan], [4, np.nan, 3]])
    assert feature_matrix([], names).shape == (0, 3)


@pytest.mark.parametrize("label", CLASSES)
def test_the_plots_measures_join_in_and_are_finite(label):
    rng = np.random.default_rng(0)
    plot = digitise(draw_record(draw_points(label, rng), LAYOUTS[0], draw_style(LAYOUTS[0], rng), {}))
    features = reading_features({}, plot.density)
    assert len(features) > 150
    assert all(math.isfinite(value) for value in features.values())
    assert features["plot_log_sigma_x"] == pytest.approx(math.log(plot.sigma_x), abs=0.1)


def test_a_plot_without_dots_adds_nothing():
    assert reading_features({"yield": 0.9}, np.zeros((96, 96), dtype=np.float32)) == {"yield": 0.9}
