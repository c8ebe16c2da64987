import json
import math

import numpy as np
import pytest

from triptych.errors import TriptychError
from triptych.evaluation import score
from triptych.evaluation.metrics import binary_log_loss, log_loss

CLASSES = ["normal", "type-1", "type-2"]

# Ten records: normal is found 4 times of 5, type-1 2 of 3, type-2 1 of 2.
LABELS = ["normal"] * 5 + ["type-1"] * 3 + ["type-2"] * 2
PREDICTED = ["normal"] * 4 + ["type-1"] + ["type-1"] * 2 + ["type-2"] + ["type-2", "normal"]


def test_f1_of_a_class_is_the_harmonic_mean_of_its_precision_and_recall():
    scores = score(LABELS, PREDICTED, CLASSES, None)

    assert scores.precision == pytest.approx({"normal": 100 * 4 / 5, "type-1": 100 * 2 / 3, "type-2": 100 * 1 / 2})
    assert scores.recall == pytest.approx({"normal": 100 * 4 / 5, "type-1": 100 * 2 / 3, "type-2": 100 * 1 / 2})
    assert scores.f1 == pytest.approx({"normal": 80.0, "type-1": 200 / 3, "type-2": 50.0})


def test_macro_f1_is_the_plain_mean_over_classes_whatever_their_size():
    assert score(LABELS, PREDICTED, CLASSES, None).macro_f1 == pytest.approx((80 + 200 / 3 + 50) / 3)


def test_accuracy_is_the_share_of_right_records_in_percent():
    scores = score(LABELS, PREDICTED, CLASSES, None)

    assert scores.n == 10
    assert scores.accuracy == pytest.approx(70.0)


def test_confusion_has_a_row_per_true_class_and_a_column_per_predicted_one_in_class_order():
    scores = score(LABELS, PREDICTED, CLASSES, None)

    assert scores.confusion == [[4, 1, 0], [0, 2, 1], [1, 0, 1]]
    assert score(LABELS, PREDICTED, CLASSES[::-1], None).confusion == [[1, 0, 1], [1, 2, 0], [0, 1, 4]]
    assert scores.support == {"normal": 5, "type-1": 3, "type-2": 2}


def test_the_binary_task_takes_all_defects_together():
    binary = score(LABELS, PREDICTED, CLASSES, "normal").binary

    # type-1 called type-2 is a defect called a defect: 4 of 5 normal and 4 of 5 defective records are right.
    assert binary is not None
    assert binary.f1 == pytest.approx({"normal": 80.0, "defective": 80.0})
    assert binary.macro_f1 == pytest.approx(80.0)


def test_an_escape_is_a_defect_called_normal_and_overkill_a_normal_called_a_defect():
    labels = ["ok"] * 8 + ["burr"] * 4
    predicted = ["ok"] * 6 + ["burr"] * 2 + ["burr"] * 3 + ["ok"]
    binary = score(labels, predicted, ["burr", "ok"], "ok").binary

    assert binary is not None
    assert binary.escape_rate == pytest.approx(100 * 1 / 4)
    assert binary.overkill_rate == pytest.approx(100 * 2 / 8)


def test_without_a_normal_class_there_are_no_binary_scores():
    assert score(LABELS, PREDICTED, CLASSES, None).binary is None


def test_a_class_that_is_neither_present_nor_predicted_has_no_f1_and_does_not_count():
    with_absent = score(LABELS, PREDICTED, [*CLASSES, "type-9"], None)

    assert with_absent.f1["type-9"] is None
    assert with_absent.macro_f1 == pytest.approx(score(LABELS, PREDICTED, CLASSES, None).macro_f1)


def test_an_absent_class_that_is_predicted_all_the_same_has_an_f1_of_zero_which_counts():
    scores = score(["a", "a"], ["a", "b"], ["a", "b"], None)

    assert scores.recall["b"] is None
    assert scores.f1["b"] == 0
    assert scores.macro_f1 == pytest.approx((200 / 3 + 0) / 2)


def test_a_present_class_that_nothing_is_called_has_no_precision_and_an_f1_of_zero():
    scores = score(["a", "b"], ["a", "a"], ["a", "b"], None)

    assert scores.precision["b"] is None
    assert scores.f1["b"] == 0


def test_rates_of_a_side_that_is_absent_do_not_exist():
    binary = score(["normal"], ["normal"], CLASSES, "normal").binary

    assert binary is not None
    assert binary.escape_rate is None
    assert binary.overkill_rate == 0
    assert binary.macro_f1 == 100


def test_json_has_the_promised_fields_in_percent_and_null_for_what_does_not_exist():
    written = json.loads(
        json.dumps(score(LABELS, PREDICTED, [*CLASSES, "type-9"], "normal").to_json(), allow_nan=False)
    )

    assert written["n"] == 10
    assert written["macro_f1"] == pytest.approx((80 + 200 / 3 + 50) / 3)
    assert written["f1"] == {
        "normal": pytest.approx(80),
        "type-1": pytest.approx(200 / 3),
        "type-2": 50,
        "type-9": None,
    }
    assert written["binary"]["macro_f1"] == pytest.approx(80)
    assert written["binary"]["f1"] == {"normal": pytest.approx(80), "defective": pytest.approx(80)}
    assert written["confusion"]["classes"] == [*CLASSES, "type-9"]
    assert written["confusion"]["matrix"][0] == [4, 1, 0, 0]


def test_json_of_a_task_without_a_normal_class_says_so():
    assert score(LABELS, PREDICTED, CLASSES, None).to_json()["binary"] is None


def test_a_label_that_the_model_does_not_know_is_named_with_those_it_knows():
    with pytest.raises(TriptychError, match=r"labelled crack, which .* classes are normal, type-1, type-2"):
        score(["crack"], ["normal"], CLASSES, None)


def test_nothing_to_score_is_an_error_that_says_what_to_do():
    with pytest.raises(TriptychError, match="no labelled records to score; choose another split"):
        score([], [], CLASSES, None)


def test_log_loss_is_the_mean_of_the_true_classes_negative_logarithms():
    shares = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    assert log_loss(["a", "c"], shares, ["a", "b", "c"]) == pytest.approx((math.log(2) - math.log(0.8)) / 2)


def test_a_certain_mistake_costs_a_finite_loss():
    shares = np.array([[0.0, 0.0, 1.0]])
    assert log_loss(["a"], shares, ["a", "b", "c"]) == pytest.approx(-math.log(1e-6 / (1 + 2e-6)), rel=1e-12)
    assert log_loss(["c"], shares, ["a", "b", "c"]) == pytest.approx(math.log(1 + 2e-6), rel=1e-6)


def test_the_binary_log_loss_adds_up_all_defect_classes():
    shares = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    found = binary_log_loss(["ok", "b"], shares, ["b", "d", "ok"], "ok")
    assert found == pytest.approx((-math.log(0.25) - math.log(0.2)) / 2)


@pytest.mark.parametrize("shares", [[[0.5, 0.5]], [[np.nan, 0.5, 0.5]]])
def test_a_log_loss_of_no_probabilities_is_refused(shares):
    with pytest.raises(ValueError, match=r"probabilities must be finite and of shape \[1, 3\]"):
        log_loss(["a"], np.array(shares), ["a", "b", "c"])


def test_a_log_loss_of_an_unknown_class_is_refused():
    with pytest.raises(TriptychError, match="some records are labelled x"):
        log_loss(["x"], np.array([[0.5, 0.5]]), ["a", "b"])
