from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from triptych.config import load_config
from triptych.errors import TriptychError
from triptych.evaluation.methods import OnPart
from triptych.evaluation.peers import PEERS
from triptych.evaluation.peers.prepared import LEARNERS
from triptych.evaluation.peers.tabular import Learner
from triptych.evaluation.protocol import Split, data_splits
from triptych.evaluation.runs import RunStore
from triptych.evaluation.study import plan, run_tasks, to_do
from triptych.evaluation.variants import Variant
from triptych.progress import silent
from triptych.records import Record, RecordSet

PLAIN, BINARY = Variant("unaligned", "concat", "plain"), Variant("unaligned", "concat", "plain", binary=True)
METHODS = (PLAIN, BINARY, "lite0-frozen")


@pytest.fixture(scope="module")
def config():
    return load_config(None, ("warm_up.epochs=3", "fusion.epochs=6", "cross_fitting.folds=2"))


@pytest.fixture(scope="module")
def done(simulated, config, tmp_path_factory):
    """Three methods, run on one split."""
    store = RunStore(tmp_path_factory.mktemp("study") / "runs")
    (tasks,) = plan(data_splits(simulated), [4], METHODS, config)
    run_tasks(tasks, store, silent)
    return store


def test_every_method_is_scored_on_the_same_test_records(done):
    runs = {run.name: run for run in done.all()}
    assert set(runs) == {PLAIN.name, BINARY.name, "lite0-frozen"}
    assert runs[PLAIN.name].labels == runs["lite0-frozen"].labels
    assert all(run.seed == 4 and run.n_train + len(run.labels) == 40 for run in runs.values())
    assert runs[PLAIN.name].scores.macro_f1 > 30


def test_every_method_has_a_log_loss_below_that_of_a_certain_mistake(done):
    for run in done.all():
        assert 0 < run.log_loss < 13.9
        assert 0 < run.binary_log_loss <= run.log_loss + 1e-9


def test_the_binary_variant_knows_two_classes(done):
    run = next(run for run in done.all() if run.name == BINARY.name)
    assert run.classes == ["defective", "normal"]
    assert set(run.labels) == set(run.classes)


def test_what_is_done_is_to_do_again_only_where_other_code_ran_it_and_that_matters(done, simulated, config, tmp_path):
    (tasks,) = plan(data_splits(simulated), [4], METHODS, config)
    assert to_do(tasks, done) == to_do(tasks, done, again=True) == []
    older = RunStore(tmp_path / "runs")
    for run in done.all():
        older.put(replace(run, commit="0ff1ce") if run.name == BINARY.name else run)
    assert to_do(tasks, older) == []
    assert to_do(tasks, older, again=True) == [tasks[1]]


def test_other_settings_are_another_run_of_triptych_but_not_of_a_peer(done, simulated, config):
    (tasks,) = plan(data_splits(simulated), [4], METHODS, config.changed("fusion.epochs=7"))
    known = {task.name: done.get(4, task.name, task.fingerprint) is not None for task in tasks}
    assert known == {PLAIN.name: False, BINARY.name: False, "lite0-frozen": True}


def test_a_peer_is_run_again_when_records_are_read_in_another_way_or_it_learns_in_another(
    done, simulated, config, monkeypatch
):
    def known(settings: tuple[str, ...] = ()) -> bool:
        ((task,),) = plan(data_splits(simulated), [4], ["lite0-frozen"], config.changed(*settings))
        return done.get(4, task.name, task.fingerprint) is not None

    assert known()
    assert not known(("reading.ocr=none",))
    monkeypatch.setitem(PEERS, "lite0-frozen", replace(PEERS["lite0-frozen"], version=2))
    assert not known()


def test_a_part_is_learned_from_and_the_same_records_are_tested(simulated, config, tmp_path):
    store = RunStore(tmp_path / "runs")
    methods = (OnPart("readings-svm", 15), "readings-svm", OnPart(PLAIN, 15), OnPart("readings-svm", 400))
    (tasks,) = plan(data_splits(simulated), [4], methods, config)
    run_tasks(tasks, store, silent)
    runs = {run.name: run for run in store.all()}
    assert {name: run.n_train for name, run in runs.items()} == {
        "readings-svm-of-15": 15,
        "readings-svm": len(tasks[0].split.train),
        f"{PLAIN.name}-of-15": 15,
    }
    assert len({tuple(run.labels) for run in runs.values()}) == 1


def test_peers_on_texts_are_left_out_where_records_came_with_none(simulated, config):
    (tasks,) = plan(data_splits(simulated), [4], ["texts-logistic", OnPart("texts-logistic", 15)], config)
    assert tasks == []


def test_without_a_normal_class_there_is_no_binary_task(simulated, config, tmp_path):
    (tasks,) = plan(data_splits(simulated), [4], [BINARY], config)
    renamed = tasks[0].split.train.__class__(tuple(replace(r, label=f"x-{r.label}") for r in tasks[0].split.train), ())
    task = replace(tasks[0], split=replace(tasks[0].split, train=renamed))
    with pytest.raises(TriptychError, match="no class is the normal one; name it with --set normal=NAME"):
        run_tasks([task], RunStore(tmp_path / "runs"), silent)


OWN = ("own-logistic", "own-mean")


@pytest.fixture
def _one_setting(monkeypatch):
    """The first settings of each learner, and a forest instead of boosting, for time's sake."""
    for name in ("logistic", "svm", "trees"):
        learner = LEARNERS[name]
        grid = {setting: values[:1] for setting, values in learner.grid.items()}
        monkeypatch.setitem(LEARNERS, name, Learner(learner.build, grid))
    monkeypatch.setitem(LEARNERS, "boosting", LEARNERS["trees"])


@pytest.mark.usefixtures("_one_setting")
def test_peers_on_triptychs_features_learn_from_the_same_records_as_triptych(simulated, config, tmp_path):
    store = RunStore(tmp_path / "runs")
    (tasks,) = plan(data_splits(simulated), [4], [*OWN, "readings-svm"], config)
    run_tasks(tasks, store, silent)
    runs = {run.name: run for run in store.all()}
    assert set(runs) == {*OWN, "readings-svm"}
    assert len({tuple(run.labels) for run in runs.values()}) == 1
    assert {run.n_train for run in runs.values()} == {len(tasks[0].split.train)}
    assert all(run.log_loss < 2 for run in runs.values())
    assert runs["own-mean"].scores.macro_f1 > 30
    assert to_do(tasks, store) == []


def test_a_peer_on_triptychs_features_depends_on_all_settings_and_its_version(simulated, config, monkeypatch):
    def fingerprint(*settings: str) -> str:
        ((task,),) = plan(data_splits(simulated), [4], ["own-svm"], config.changed(*settings))
        return task.fingerprint

    first = fingerprint()
    assert fingerprint() == first
    assert fingerprint("augment.factor=3") != first
    monkeypatch.setitem(PEERS, "own-svm", replace(PEERS["own-svm"], version=2))
    assert fingerprint() != first


def test_pictures_without_readings_do_not_suit_peers_on_features_which_are_not_tried_again(tmp_path, config):
    rng = np.random.default_rng(0)
    records = [
        Record(f"r{i}", Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)), {}, "ab"[i % 2])
        for i in range(12)
    ]
    split, store = Split(0, RecordSet(tuple(records[:8])), RecordSet(tuple(records[8:]))), RunStore(tmp_path / "runs")
    (tasks,) = plan(lambda _: split, [0], [*OWN, "lite0-logistic"], config.changed("reading.ocr=none"))
    run_tasks(tasks, store, silent)
    assert [run.name for run in store.all()] == ["lite0-logistic"]
    assert to_do(tasks, store) == []
    assert to_do(tasks, store, again=True) == tasks[:2]
