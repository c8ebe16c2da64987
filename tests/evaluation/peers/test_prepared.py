from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import f1_score

from triptych.answers.ask import Answers
from triptych.evaluation.peers import PEERS, Examples
from triptych.evaluation.peers.prepared import LEARNERS, Own, OwnMean, geometric_mean
from triptych.evaluation.peers.tabular import LOGISTIC, Learner
from triptych.preparation.prepared import DrawnRecord, Prepared
from triptych.reading import Reading
from triptych.records import Record

NOTHING = np.zeros(0)
LABELS = ["low", "high"] * 20


def _prepared(numbers, label, group=None):
    record = Record("r", Image.new("L", (4, 4)), {}, label, group=group)
    return Prepared(record, Reading({}), Answers("", ""), (), NOTHING, NOTHING, NOTHING, NOTHING, numbers)


def _drawn(item, origin, numbers=None):
    return DrawnRecord(origin, item.record, numbers or item.numbers, NOTHING)


def _numbers(rng, label):
    return {"x": rng.normal(3 * (label == "high")), "noise": 1000 * rng.normal()}


@pytest.fixture
def records():
    rng = np.random.default_rng(0)
    return [_prepared(_numbers(rng, label), label) for label in LABELS]


@pytest.fixture
def examples(records):
    return Examples(records, [_drawn(item, i) for i, item in enumerate(records) for _ in range(2)], seed=0)


@pytest.fixture
def asked():
    rng = np.random.default_rng(1)
    return [_prepared(_numbers(rng, label), label) for label in LABELS]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    for name, learner in LEARNERS.items():
        first = {setting: values[:1] for setting, values in learner.grid.items()}
        monkeypatch.setitem(LEARNERS, name, Learner(learner.build, first))


@pytest.mark.parametrize("name", [name for name, spec in PEERS.items() if spec.prepared])
def test_the_features_tell_the_classes_apart(examples, asked, name):
    found = PEERS[name].build().fit(examples).predict(asked)
    assert f1_score(LABELS, found.labels, average="macro") > 0.85
    assert found.probabilities.shape == (40, 2)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
    assert found.probabilities[:20, 0].argmax() in [i for i, label in enumerate(LABELS) if label == "high"]


def test_drawn_records_are_learned_from_with_their_origins_and_never_held_out(examples):
    assert len(examples.division) == 5
    for known, held in examples.division:
        assert max(held) < 40
        own = [row for row in known if row < 40]
        assert not set(own) & set(held)
        assert sorted(known) == sorted([*own, *(40 + 2 * row + i for row in own for i in range(2))])


def test_groups_and_equal_pictures_stay_together(records):
    same = Image.new("L", (4, 4))
    items = [replace(item, record=replace(item.record, group=f"g{i // 4}")) for i, item in enumerate(records[:32])]
    items += [replace(item, record=replace(item.record, image=same)) for item in records[32:34]]
    for known, _ in Examples(items, [], seed=0).division:
        for group in ([0, 1, 2, 3], [28, 29, 30, 31], [32, 33]):
            assert len(set(group) & set(known)) in (0, len(group))


def test_what_is_drawn_from_a_record_weighs_as_much_as_the_record(records):
    examples = Examples(records[:3], [_drawn(records[1], 1), _drawn(records[1], 1), _drawn(records[2], 2)], seed=0)
    assert examples.weights.tolist() == [1, 1, 1, 0.5, 0.5, 1]
    assert examples.labels == ["low", "high", "low", "high", "high", "low"]


def test_drawn_records_teach(asked):
    """The records' numbers are alike in both classes; what is drawn from them is not."""
    rng = np.random.default_rng(2)
    few = [_prepared({"x": float(i // 2), "noise": float(i)}, label) for i, label in enumerate(LABELS[:8])]
    drawn = [_drawn(item, i, _numbers(rng, item.record.label)) for i, item in enumerate(few) for _ in range(20)]
    without, taught = (
        f1_score(LABELS, Own("trees").fit(Examples(few, more, seed=0)).predict(asked).labels, average="macro")
        for more in ([], drawn)
    )
    assert without < 0.7
    assert taught > 0.8


def test_features_and_scales_come_from_the_training_records_alone(records):
    outlier = _drawn(records[0], 0, {"x": 1e6, "noise": 0.0, "other": 1.0})
    plain, drawn = Examples(records, [], seed=0), Examples(records, [outlier], seed=0)
    assert drawn.features.names == ["x", "noise"]
    np.testing.assert_array_equal(plain.matrix, drawn.matrix[:40])
    assert plain.matrix.mean(axis=0) == pytest.approx([0, 0], abs=1e-9)
    assert abs(drawn.matrix[40]).max() < 10


def test_a_missing_number_is_the_mean(examples):
    assert examples.standardised([_prepared({}, "low")]).tolist() == [[0, 0]]


def test_the_mean_takes_up_what_other_peers_have_fitted(examples, asked):
    alone = [Own(name).fit(examples) for name in LEARNERS]
    mean = OwnMean().fit(examples)
    assert [member.spared for member in alone] == [0] * 4
    assert [member.model for member in mean.members] == [member.model for member in alone]
    assert mean.spared == pytest.approx(sum(seconds for _, seconds in examples.fitted.values()))
    expected = geometric_mean([member.predict(asked).probabilities for member in alone])
    np.testing.assert_array_equal(mean.predict(asked).probabilities, expected)


def test_the_geometric_mean_is_normalised_and_no_method_rules_a_class_out():
    found = geometric_mean([np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([[0.9, 0.1], [0.9, 0.1]])])
    np.testing.assert_allclose(found[0], np.array([3, 1]) / 4)
    np.testing.assert_allclose(found[1, 0] / found[1, 1], np.sqrt(1e-6 * 0.9 / 0.1))


def test_settings_are_chosen_among_the_training_records(examples, monkeypatch):
    monkeypatch.setitem(LEARNERS, "logistic", Learner(LOGISTIC.build, {"C": (1e-9, 1.0)}))
    balanced = Own("logistic").fit(Examples(examples.prepared[:-10:1] + examples.prepared[-10::2], [], seed=0))
    assert balanced.model.estimator.C == 1.0


def test_an_svm_without_probabilities_is_left_out_of_the_mean(records, asked):
    """All records of one class are of one group, so that the fold which holds it out lacks the class."""
    odd = [replace(item, record=replace(item.record, label="odd", group="one")) for item in records[:6:2]]
    others = [replace(item, record=replace(item.record, group=str(i))) for i, item in enumerate(records[6:])]
    examples = Examples([*odd, *others], [], seed=0)
    assert Own("svm").fit(examples).predict(asked).probabilities is None
    assert OwnMean().fit(examples).predict(asked).probabilities.shape == (40, 3)
