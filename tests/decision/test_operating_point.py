"""Operating points: which threshold keeps a promised rate."""

import numpy as np
import pytest

from triptych.config import DecisionConfig
from triptych.decision.bounds import upper_bound
from triptych.decision.operating_point import Evidence, OperatingPoint, choose_point, promise
from triptych.errors import TriptychError

CLASSES = ("edge", "normal", "ring")


def _evidence(normal_of_defects, normal_of_good=(0.9,), labels=None, sides=None):
    """Records with these probabilities of the class normal; defects are of the class edge unless `labels` say else."""
    p = np.array([*normal_of_defects, *normal_of_good])
    shares = np.stack([(1 - p) / 2, p, (1 - p) / 2], axis=1)
    if labels is None:
        labels = [0] * len(normal_of_defects) + [1] * len(normal_of_good)
    numbers = np.arange(len(p)) if sides is None else np.array(sides)
    return Evidence(CLASSES, "normal", shares, np.array(labels), numbers)


def test_without_an_error_59_defects_promise_5_percent_and_58_do_not():
    kept = promise(_evidence(np.linspace(0.01, 0.4, 59)), "escape", 0.05, 0.95)
    assert (kept.threshold, kept.errors, kept.records) == (0.4, 0, 59)
    refused = promise(_evidence(np.linspace(0.01, 0.4, 58)), "escape", 0.05, 0.95)
    assert refused.threshold is None
    assert not refused.allows(1.0)
    assert "at best 5.03%; 59 defective records without an error would be needed" in refused.impossible()


def test_as_many_errors_are_allowed_as_the_bound_permits():
    scores = np.linspace(0, 1, 200)
    found = promise(_evidence(scores), "escape", 0.05, 0.95)
    assert upper_bound(found.errors, 200) <= 0.05 < upper_bound(found.errors + 1, 200)
    assert (scores > found.threshold).sum() == found.errors == 4


def test_a_class_with_enough_records_gets_its_own_promise_and_raises_the_threshold():
    rng = np.random.default_rng(0)
    labels = [0] * 200 + [2] * 60 + [1]
    scores = np.concatenate([rng.uniform(0, 0.3, 200), rng.uniform(0, 0.8, 60)])
    whole = promise(_evidence(scores, labels=labels), "escape", 0.05, 0.95)
    found = promise(_evidence(scores, labels=labels), "escape", 0.05, 0.95, per_class=True)
    assert found.each == ("edge", "ring")
    assert found.by_class == {"edge": (0, 200), "ring": (0, 60)}
    assert found.threshold == scores[200:].max() > whole.threshold


def test_records_that_share_a_picture_or_a_group_count_once_by_the_worst():
    scores = [0.1, 0.9] * 59
    found = _evidence(scores, sides=[n // 2 for n in range(118)] + [999])
    assert found.scores("escape").tolist() == [0.9] * 59
    assert promise(found, "escape", 0.05, 0.95).threshold == 0.9


def test_overkill_is_promised_on_normal_records():
    found = promise(_evidence([0.1], normal_of_good=np.linspace(0.5, 1, 100)), "overkill", 0.05, 0.95)
    assert found.records == 100
    assert found.allows(0.2)
    assert not found.allows(0.9)


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.1])
def test_the_promise_holds_in_at_least_the_stated_share_of_draws(rate):
    rng = np.random.default_rng(1)
    kept = 0
    for _ in range(400):  # scores are uniform, so a threshold t has the escape rate 1 - t
        found = promise(_evidence(rng.uniform(0, 1, 200)), "escape", rate, 0.9)
        kept += 1 - found.threshold <= rate
    assert kept / 400 >= 0.9 - 2 * (0.9 * 0.1 / 400) ** 0.5


def test_costs_set_the_thresholds_at_which_a_release_costs_as_much_as_a_review():
    point = choose_point(_evidence([0.1, 0.995]), "normal", DecisionConfig(costs=(100, 10, 1)))
    assert point.promises["escape"].threshold == pytest.approx(0.99)
    assert point.promises["overkill"].threshold == pytest.approx(0.9)
    assert point.promises["escape"].errors == 1
    assert point.promises["escape"].rate == upper_bound(1, 2)


def test_no_wish_no_point():
    assert choose_point(_evidence([0.1]), "normal", DecisionConfig()) is None


def test_without_held_out_records_nothing_is_promised():
    point = choose_point(None, "normal", DecisionConfig(max_escape=0.05))
    assert point.promises["escape"].threshold is None


def test_without_a_normal_class_a_promise_is_refused():
    with pytest.raises(TriptychError, match="name it with --normal"):
        choose_point(None, None, DecisionConfig(max_escape=0.05))


def test_costs_and_promises_exclude_one_another():
    with pytest.raises(ValueError, match="give one of them"):
        DecisionConfig(costs=(1, 1, 1), max_escape=0.1)


def test_each_label_has_the_promise_of_the_error_it_can_cause():
    point = OperatingPoint("normal", {"escape": promise(_evidence([0.1] * 59), "escape", 0.05, 0.95)})
    assert point.promise_for("normal").side == "escape"
    assert point.promise_for("edge") is None
