from dataclasses import replace
from multiprocessing import active_children

import numpy as np
import pytest
import torch

from triptych import load_config
from triptych.experts.registry import open_experts
from triptych.network.compute import threads_for
from triptych.progress import silent
from triptych.records import open_records
from triptych.training import cross_fitting
from triptych.training.checkpoints import Checkpoints
from triptych.training.cross_fitting import cross_fit, divide
from triptych.training.fitting import drawing, train
from triptych.training.training_data import collect
from triptych.training.training_sets import Plan, Records, training_set

SETTINGS = (
    "warm_up.epochs=2",
    "alignment.stages=[]",
    "fusion.epochs=2",
    "picture.epochs=1",
    "picture.fold_epochs=1",
    "cross_fitting.folds=2",
)


@pytest.fixture(scope="module")
def data(simulated):
    config = load_config(None, (*SETTINGS, "experts=[panels, readings, trees]"))
    return collect(open_records(simulated).split("train"), config, silent)


@pytest.fixture(scope="module")
def records(data):
    return Records.of(data.config, data.classes, data.prepared)


def _fitted(data, records, checkpoints=None):
    with threads_for(data.config):
        return cross_fit(records, divide(records), drawing(data, silent), checkpoints or Checkpoints(None, ""), silent)


def _with(records, data, *settings):
    return replace(records, config=data.config.changed(*settings))


def test_every_record_is_held_out_once(records):
    folds = divide(records)
    assert sorted(row for fold in folds for row in fold.held_out) == list(range(len(records.items)))
    assert all(not set(fold.known) & set(fold.held_out) for fold in folds)


def test_groups_and_equal_pictures_stay_on_one_side(records):
    items = [replace(item, record=replace(item.record, group=f"g{i // 4}")) for i, item in enumerate(records.items)]
    for fold in divide(replace(records, items=items)):
        assert not {i // 4 for i in fold.known} & {i // 4 for i in fold.held_out}


def test_a_single_group_or_few_records_give_no_folds(records, data):
    items = [replace(item, record=replace(item.record, group="g")) for item in records.items]
    assert divide(replace(records, items=items)) == []
    assert divide(replace(records, items=records.items[:19])) == []
    assert divide(_with(records, data, "cross_fitting.folds=1")) == []


def test_features_and_drawn_records_come_from_the_fold_alone(records, data):
    fold = divide(records)[0]
    secret = set(fold.held_out)
    items = [
        replace(item, numbers={**item.numbers, "secret ∋ word": 1.0} if i in secret else item.numbers)
        for i, item in enumerate(records.items)
    ]
    seen = []

    def remember(prepared, name):
        seen.extend(prepared)
        return []

    known = [items[row] for row in fold.known]
    found = training_set(replace(records, items=items), fold.known, remember(known, "turn"), Plan(_choice()))
    assert "secret ∋ word" not in found.features.names
    assert len(seen) == len(fold.known)


def _choice():
    from triptych.training.augmentation import Choice

    return Choice("none", "none")


def test_what_experts_say_out_of_fold_is_said_by_members_of_other_folds(records, data):
    found = _fitted(data, records)
    folds = divide(records)
    part = found.parts[1].open(records)
    inputs = records.inputs_of(folds[1].held_out, part.features)
    expected = part.experts["readings"].log_probabilities(inputs)
    n = len(folds[0].held_out)
    torch.testing.assert_close(found.by_expert["readings"][n:], expected)
    assert found.rows == [*folds[0].held_out, *folds[1].held_out]


def test_processes_give_the_same_result(records, data, monkeypatch):
    alone = _fitted(data, records)
    monkeypatch.setattr(cross_fitting, "BESIDE", 1)
    beside = _fitted(data, _with(records, data, "cross_fitting.processes=2"))
    assert alone.plan == beside.plan
    for name, by_expert in alone.by_expert.items():
        np.testing.assert_array_equal(beside.by_expert[name], by_expert)
    assert not active_children()  # they would keep their memory, and let no process that started them end


def test_within_a_process_of_another_search_folds_are_trained_one_after_another(records, data):
    from joblib import Parallel, delayed

    config = data.config.changed("cross_fitting.processes=2")
    many = replace(records, config=config, items=records.items * 10)
    assert _processes(many) == 2
    assert Parallel(2, backend="loky")(delayed(_processes)(many) for _ in range(1)) == [1]


def _processes(records):
    return cross_fitting._Folding(records, [None, None], None, silent)._processes(None)


def test_the_model_keeps_the_folds_networks_and_trains_the_others_again(data):
    with threads_for(data.config):
        model = train(data, Checkpoints(None, ""), silent)
    weights = {name for name, weight in model.ensemble.pool.weights.items() if weight}
    averaged = {name for name in weights if open_experts([name])[name].averaged}
    *folds, whole = model.ensemble.parts if weights - averaged else (*model.ensemble.parts, None)
    assert all(set(part.experts) == averaged for part in folds)
    if whole is not None:
        assert set(whole.experts) == weights - averaged
    facts = model.metrics["experts"]
    assert {"panels", "readings", "trees", "pool"} == set(facts)
    assert facts["pool"]["log_loss"] <= min(found["log_loss"] for found in facts.values()) + 0.05
    out_of_fold = model.metrics["out_of_fold"]
    assert len(out_of_fold["records"]) == len(data.prepared)
    np.testing.assert_allclose(np.sum(out_of_fold["probabilities"]["pool"], axis=1), 1, atol=1e-3)


def test_a_fold_that_is_done_is_not_trained_again(records, data, tmp_path, monkeypatch):
    checkpoints = Checkpoints(tmp_path, "run")
    before = _fitted(data, records, checkpoints)
    monkeypatch.setattr(cross_fitting, "train_part", lambda *_: pytest.fail("trained"))
    monkeypatch.setattr(cross_fitting, "rehearse", lambda *_: pytest.fail("rehearsed"))
    again = _fitted(data, records, checkpoints)
    assert again.plan == before.plan
    assert all(torch.equal(again.by_expert[name], by_expert) for name, by_expert in before.by_expert.items())


def test_without_folds_all_experts_count_alike(data):
    config = data.config.changed("cross_fitting.folds=1", "experts=[panels, readings]")
    with threads_for(config):
        model = train(replace(data, config=config), Checkpoints(None, ""), silent)
    assert model.ensemble.pool.weights == {"panels": 0.5, "readings": 0.5}
    assert [set(part.experts) for part in model.ensemble.parts] == [{"panels", "readings"}]
    assert model.metrics["out_of_fold"] is None
