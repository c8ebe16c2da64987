from triptych.config import DecisionConfig
from triptych.decision import decide, undecided

CONFIG = DecisionConfig(accept_above=0.8)


def test_a_confident_record_without_problems_is_accepted():
    decision = decide("ok", {"bad": 0.1, "ok": 0.9}, [], CONFIG)
    assert (decision.label, decision.confidence, decision.verdict, decision.reasons) == ("ok", 0.9, "accept", ())


def test_a_doubtful_record_goes_to_review_and_says_why():
    decision = decide("ok", {"bad": 0.3, "ok": 0.7}, [], CONFIG)
    assert decision.verdict == "review"
    assert decision.reasons == ("confidence 0.70 is under 0.8",)


def test_a_problem_of_its_readings_sends_a_confident_record_to_review():
    decision = decide("ok", {"bad": 0.01, "ok": 0.99}, ["rings do not sum to the total"], CONFIG)
    assert (decision.label, decision.verdict) == ("ok", "review")
    assert decision.reasons == ("reading: rings do not sum to the total",)


def test_a_record_that_cannot_be_used_goes_to_review_without_a_class():
    decision = undecided("a.png: is empty", ["bad", "ok"])
    assert (decision.label, decision.verdict, decision.probabilities) == (None, "review", {"bad": 0.0, "ok": 0.0})
