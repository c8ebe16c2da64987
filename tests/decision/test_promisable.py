"""What labelled records can promise, said before training."""

from triptych.config import DecisionConfig
from triptych.decision.promisable import promisable

COUNTS = {"edge": 30, "normal": 60, "ring": 6}


def test_the_best_promise_of_the_records_is_said():
    lines = promisable(COUNTS, "normal", DecisionConfig())
    assert lines[0] == "escape: 36 defective records can promise at best 7.98% with 95% confidence"
    assert lines[1] == "overkill: 60 normal records can promise at best 4.87% with 95% confidence"
    assert lines[2].startswith("prediction sets cannot exclude ring with 95% confidence: this needs 19")


def test_a_wish_beyond_the_records_is_answered_with_the_number_it_takes():
    (first, *_) = promisable(COUNTS, "normal", DecisionConfig(max_escape=0.005))
    assert "escape of at most 0.5% cannot be promised with 95% confidence from 36 defective records" in first
    assert "at best 7.98%; 598 defective records without an error would be needed" in first


def test_a_wish_within_reach_is_said_to_be_so():
    (first, *_) = promisable(COUNTS, "normal", DecisionConfig(max_escape=0.1))
    assert first.endswith("; 10% is asked for, which takes 29")


def test_without_a_normal_class_the_way_out_is_named():
    assert "--normal" in promisable(COUNTS, None, DecisionConfig())[0]
