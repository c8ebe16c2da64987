import math

import numpy as np
import pytest

from triptych.features.readings import feature_matrix, feature_names, features_of_records, reading_features
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
    assert features["∴ ring_0_2_share"] == 0.25
    assert features["∴ offset"] == 5.0
    assert features["∴ stretch"] == pytest.approx(math.log(2))
    assert features["∴ bias_mean_y"] == 2.0
    assert features["∴ log_total"] == pytest.approx(math.log(200))
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
    assert features["∴ plot_log_sigma_x"] == pytest.approx(math.log(plot.sigma_x), abs=0.1)


def test_a_plot_without_dots_adds_nothing():
    assert reading_features({"yield": 0.9}, np.zeros((96, 96), dtype=np.float32)) == {"yield": 0.9}


def test_records_measured_together_keep_their_own_plots():
    left, right, empty = np.zeros((3, 96, 96), dtype=np.float32)
    left[40:60, 10:20], right[40:60, 70:80] = 1, 1
    records = [({"yield": 0.1}, left), ({"yield": 0.2}, None), ({"yield": 0.3}, empty), ({"lot": "A"}, right)]
    found = features_of_records(records)
    assert found == [reading_features(*record) for record in records]
    assert found[0]["∴ plot_centroid_x"] < 0 < found[3]["∴ plot_centroid_x"]


def test_every_given_number_is_a_feature_under_its_own_name():
    given = {"total": -9.5, "offset": 7.0, "stretch": 8.0, "log_total": 1.0, "plot_offset": 2.0, "ring_0_2": 3.0}
    given |= {"mean_x": 3.0, "mean_y": 4.0, "sigma_x": 0.0, "sigma_y": -1.0, "ring_0_2_share": 0.5}
    features = reading_features(given)
    assert {name: features[name] for name in given} == given
    assert features["∴ offset"] == 5.0


@pytest.mark.parametrize("total", [{}, {"total": 0.0}, {"total": -2.0}])
def test_rings_and_totals_remain_without_a_positive_total(total):
    assert reading_features({**total, "ring_0_2": 3.0}) == {**total, "ring_0_2": 3.0}


def test_no_column_takes_the_name_of_another_feature():
    density = np.zeros((96, 96), dtype=np.float32)
    density[40:60, 30:70] = 1 / 800
    numbers = {"mean_x": 3.0, "mean_y": 4.0, "sigma_x": 1.0, "sigma_y": 2.0, "total": 5.0, "ring_0_2": 3.0}
    internal = reading_features(numbers, density) | reading_features({"note": "worn", "∋ note": "worn"})
    internal |= {"precedents ∋ good": 1.0, "llm_p_good": 0.5, "vlm_p_good": 0.5}
    columns = [name for name in internal if name not in numbers]
    columns += [f"∋ {name}" for name in columns] + [f"{name}∋" for name in columns] + ["∋∋ x", "∋ x", "∴∴ x", "∴ x"]
    given = reading_features(dict.fromkeys(columns, 1.0))
    assert len(given) == len(set(columns))
    assert not given.keys() & internal.keys()
    words = reading_features(dict.fromkeys(["precedents", "∴ precedents", "∋ precedents", "∋∋ precedents"], "good"))
    assert len(words) == 4
    assert "precedents ∋ good" not in words


def test_numbers_that_are_not_finite_are_missing():
    assert reading_features({"a": math.inf, "b": math.nan, "c": 1e300}) == {"c": 1e300}
    assert reading_features({"mean_x": 1e308, "mean_y": 1.7e308}) == {"mean_x": 1e308, "mean_y": 1.7e308}


def test_a_field_may_be_a_number_in_one_record_and_a_text_in_another():
    records = [reading_features({"depth": 1.5}), reading_features({"depth": "over"})] * 2
    names = feature_names(records)
    assert names == ["depth", "depth ∋ over"]
    np.testing.assert_array_equal(feature_matrix(records[:2], names), [[1.5, 0], [np.nan, 1]])


def test_numbers_keep_the_precision_of_float64():
    matrix = feature_matrix([{"time": 1_700_000_000.0}, {"time": 1_700_000_010.0}, {"time": 1e300}], ["time"])
    assert np.diff(matrix[:2, 0]) == 10.0
    assert matrix[2, 0] == 1e300
