"""Escapes, overkill and review of labelled records."""

from triptych.decision.outcomes import Outcomes

LABELS = ["ok", "ok", "bad", "bad", "worse"]


def test_only_accepted_records_escape_or_are_overkilled():
    found = Outcomes.of(
        LABELS, ["ok", "bad", "ok", "ok", "bad"], ["accept", "accept", "accept", "review", "accept"], "ok"
    )
    assert (found.escapes.count, found.escapes.records) == (1, 3)
    assert (found.overkill.count, found.overkill.records) == (1, 2)
    assert (found.review.count, found.review.records) == (1, 5)
    assert (found.wrong.count, found.wrong.records) == (3, 4)


def test_rates_are_given_in_percent_and_parts_per_million_with_intervals():
    found = Outcomes.of(LABELS, LABELS, ["accept"] * 5, "ok").to_json()
    assert found["escapes"] == {
        "count": 0,
        "records": 3,
        "percent": 0,
        "ppm": 0,
        "interval": found["escapes"]["interval"],
    }
    assert found["escapes"]["interval"][0] == 0
    assert 70 < found["escapes"]["interval"][1] < 71
    assert found["review"]["count"] == 0


def test_without_a_normal_class_nothing_escapes():
    found = Outcomes.of(LABELS, LABELS, ["accept"] * 5, None)
    assert (found.escapes.records, found.escapes.share) == (0, None)


def test_unusable_records_are_reviewed():
    assert Outcomes.of(["bad"], [None], ["review"], "ok").review.count == 1
