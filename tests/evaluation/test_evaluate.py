from dataclasses import replace

import pytest

from triptych import Record, open_records
from triptych.errors import TriptychError
from triptych.evaluation.evaluate import evaluate


def test_scores_are_those_of_the_predictions(fitted, simulated):
    test = open_records(simulated).split("test")
    result = evaluate(fitted, test)
    right = sum(item.decision.label == item.record.label for item in result.assessments)
    assert result.scores.n == len(test)
    assert result.scores.accuracy == pytest.approx(100 * right / len(test))


def test_a_record_that_cannot_be_used_is_in_no_score(fitted, simulated, tmp_path):
    test = list(open_records(simulated).split("test")[:3])
    result = evaluate(fitted, [*test, Record("gone.png", tmp_path / "gone.png", label="normal")])
    assert result.scores.n == 3
    assert len(result.assessments) == 4


def test_a_class_that_the_model_does_not_know_is_refused(fitted, simulated):
    record = replace(open_records(simulated).split("test")[0], label="type-9")
    with pytest.raises(TriptychError, match=r"class 'type-9' is not one of the model's \(normal, type-1"):
        evaluate(fitted, [record])


def test_without_one_usable_record_there_are_no_scores(fitted, tmp_path):
    with pytest.raises(TriptychError, match="none of the 1 records could be used"):
        evaluate(fitted, [Record("gone.png", tmp_path / "gone.png", label="normal")])
