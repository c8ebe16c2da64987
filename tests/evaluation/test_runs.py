import json
from dataclasses import asdict, replace

import pytest

from triptych.errors import TriptychError
from triptych.evaluation.runs import Run, RunStore, by_seed

RUN = Run(
    seed=1,
    name="method",
    fingerprint="f",
    n_train=4,
    classes=["bad", "ok"],
    normal="ok",
    labels=["bad", "ok", "ok"],
    predicted=["bad", "ok", "bad"],
    seconds=1.0,
)


def test_a_run_is_found_again_while_it_depends_on_the_same_things(tmp_path):
    store = RunStore(tmp_path / "runs")
    store.put(RUN)
    assert store.get(1, "method", "f") == RUN
    assert store.get(1, "method", "other records or settings") is None
    assert store.get(2, "method", "f") is None


def test_a_new_run_takes_the_place_of_the_old_one(tmp_path):
    store = RunStore(tmp_path)
    store.put(RUN)
    store.put(replace(RUN, fingerprint="g"))
    assert [run.fingerprint for run in store.all()] == ["g"]


def test_scores_are_those_of_the_predictions():
    assert RUN.scores.macro_f1 == pytest.approx(100 * 2 / 3)
    assert RUN.scores.binary.macro_f1 == pytest.approx(100 * 2 / 3)


def test_a_damaged_run_is_named(tmp_path):
    (tmp_path / "1-method.json").write_text("{")
    with pytest.raises(TriptychError, match=r"1-method\.json: not a run"):
        RunStore(tmp_path).all()


def test_a_run_of_before_there_were_log_losses_is_read(tmp_path):
    older = {name: value for name, value in asdict(RUN).items() if "log_loss" not in name}
    (tmp_path / "1-method.json").write_text(json.dumps(older))
    assert RunStore(tmp_path).get(1, "method", "f").log_loss is None


def test_log_losses_are_kept(tmp_path):
    store = RunStore(tmp_path)
    store.put(replace(RUN, log_loss=0.25, binary_log_loss=0.125))
    found = store.get(1, "method", "f")
    assert (found.log_loss, found.binary_log_loss) == (0.25, 0.125)


def test_what_the_records_do_not_suit_is_marked_until_it_depends_on_other_things(tmp_path):
    store = RunStore(tmp_path)
    assert not store.is_unsuited(1, "method", "f")
    store.put_unsuited(1, "method", "f")
    assert store.is_unsuited(1, "method", "f")
    assert not store.is_unsuited(1, "method", "g")
    assert not store.is_unsuited(2, "method", "f")
    assert store.all() == []


def test_runs_of_one_method_by_seed():
    other = replace(RUN, seed=2)
    assert by_seed([RUN, other, replace(RUN, name="peer")], "method") == {1: RUN, 2: other}
