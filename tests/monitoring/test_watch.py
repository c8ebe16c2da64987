"""Watching a stream of new records with a trained model."""

from dataclasses import replace

import numpy as np
import pytest

from triptych import open_records
from triptych.errors import TriptychError
from triptych.monitoring.page import summary, watch_page
from triptych.monitoring.stream import (
    MISSING,
    StreamRecord,
    append_to_stream,
    columns_of,
    load_stream,
    projections,
    quantities_of,
)
from triptych.monitoring.watch import read_stream, watch
from triptych.progress import silent


@pytest.fixture(scope="module")
def stream(fitted, simulated):
    return list(read_stream(fitted.model_, open_records(simulated).split("test"), [], silent))


def _drawn(model, n, seed, **shifts):
    """Records with the numbers of training records that are drawn by `seed`; `shifts` are in standard deviations."""
    known = quantities_of(model.reference, 4, model.config.seed)
    known = {name: values for name, values in known.items() if not name.startswith(MISSING)}
    rng = np.random.default_rng(seed)
    spread = {name: np.nanstd(values) for name, values in known.items()}
    rows = [
        {name: values[i] + shifts.get(name, 0) * spread[name] for name, values in known.items()}
        for i in rng.integers(0, len(model.reference), n)
    ]
    present = [{name: value for name, value in row.items() if value == value} for row in rows]
    return [StreamRecord(f"r{i}", f"d{i}", row) for i, row in enumerate(present)]


def test_new_pictures_are_read_with_their_numbers_and_directions(stream, fitted, simulated):
    assert len(stream) == len(list(open_records(simulated).split("test")))
    assert {"total", "sigma_x", "picture, direction 1"} <= set(stream[0].values)
    assert watch(fitted.model_, stream).alarm is None


def test_features_that_are_constant_in_training_do_not_blow_up_a_direction():
    embedding = np.zeros((3, 50))
    embedding[2, 7] = 0.5  # only a new record has this feature
    found = projections(embedding, 4, 0)
    assert np.abs(found).max() < 0.5
    assert np.abs(found[2]).min() > 0
    assert projections(np.zeros((3, 0)), 4, 0).shape == (3, 0)


def test_training_pictures_and_repeats_do_not_count(stream, fitted, simulated):
    train = open_records(simulated).split("train")
    assert list(read_stream(fitted.model_, train, [], silent)) == []
    assert list(read_stream(fitted.model_, open_records(simulated).split("test"), stream, silent)) == []


def test_a_shift_of_one_reading_is_an_alarm_that_names_it(fitted):
    found = watch(fitted.model_, _drawn(fitted.model_, 150, 0, sigma_x=2.0))
    assert found.alarm is not None
    assert found.alarm < 100
    assert found.drifted[0].name == "sigma_x"
    assert "the promise no longer holds. The clearest change is in Sigma x" in summary(found)


def test_records_like_the_training_records_are_no_alarm(fitted):
    found = watch(fitted.model_, _drawn(fitted.model_, 150, 1))
    assert found.alarm is None
    assert found.drifted == []
    assert summary(found).startswith("No evidence of a change in 150 new records")


def test_the_page_has_the_curve_and_the_drift_and_loads_nothing(fitted):
    page = watch_page(watch(fitted.model_, _drawn(fitted.model_, 60, 2, sigma_x=3.0)), "model <1>")
    assert "model &lt;1&gt;" in page
    assert "Evidence of a change" in page
    assert "<b>Sigma x</b>" in page
    assert " um" in page
    assert "<script" not in page


def test_a_state_continues_the_stream(stream, fitted, tmp_path):
    path = tmp_path / "deep" / "state.jsonl"
    append_to_stream(path, stream[:3])
    append_to_stream(path, stream[3:])
    kept = load_stream(path)
    assert kept == stream
    np.testing.assert_array_equal(watch(fitted.model_, kept).evidence, watch(fitted.model_, stream).evidence)


def test_a_file_that_is_no_state_is_refused(tmp_path):
    (tmp_path / "x.jsonl").write_text("hello\n")
    with pytest.raises(TriptychError, match="is not a state of `triptych watch`"):
        load_stream(tmp_path / "x.jsonl")


def test_missing_fields_are_a_quantity_of_their_own():
    records = [StreamRecord("a", "1", {"x": 1.0}), StreamRecord("b", "2", {})]
    found = columns_of(records, ["x", "missing: x"])
    assert found["missing: x"] == [0.0, 1.0]
    assert found["x"][0] == 1.0
    assert np.isnan(found["x"][1])


def test_without_new_records_or_stored_ones_the_reason_is_said(fitted, stream):
    with pytest.raises(TriptychError, match="no new records"):
        watch(fitted.model_, [])
    with pytest.raises(TriptychError, match="train it again"):
        watch(replace(fitted.model_, reference=None), stream)
