"""Attribute agreement analysis."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from triptych.agreement.ratings import Ratings
from triptych.agreement.statistics import analyse, cohen_kappa, fleiss_kappa

ITEMS = ["a", "b", "c", "d"]
TRUTH = ["ok", "ok", "bad", "bad"]


def _figures(ratings, normal="ok"):
    return {figure.what: figure for figure in analyse(ratings, normal).figures}


def test_agreement_within_between_and_against_the_reference():
    anna = [["ok", "ok", "bad", "bad"], ["ok", "bad", "bad", "bad"]]
    ben = [["ok", "ok", "bad", "ok"]]
    found = _figures(Ratings(ITEMS, {"anna": anna, "ben": ben}, TRUTH))
    counts = {what: (figure.rate.count, figure.rate.records) for what, figure in found.items()}
    assert counts == {
        "within anna": (3, 4),
        "between anna and ben": (2, 4),
        "anna: effectiveness": (3, 4),
        "anna: miss (escape)": (0, 4),
        "anna: false alarm (overkill)": (1, 4),
        "ben: effectiveness": (3, 4),
        "ben: miss (escape)": (1, 2),
        "ben: false alarm (overkill)": (0, 2),
        "all against the reference": (2, 4),
    }


def test_a_verdict_needs_enough_items():
    def verdicts(n, wrong):
        truth = ["ok"] * n + ["bad"] * n
        given = ["ok"] * n + ["ok"] * wrong + ["bad"] * (n - wrong)
        return _figures(Ratings([str(i) for i in range(2 * n)], {"a": [given]}, truth))["a: miss (escape)"].verdict

    assert verdicts(300, 0) == "acceptable"
    assert verdicts(300, 40) == "not acceptable"
    assert verdicts(1000, 35) == "marginal"
    assert verdicts(20, 0) == "not shown; 183 needed"


def test_cohens_kappa_equals_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    one = rng.choice(["x", "y", "z"], 80).tolist()
    other = [label if rng.uniform() < 0.7 else "x" for label in one]
    assert cohen_kappa(one, other) == pytest.approx(cohen_kappa_score(one, other))
    assert cohen_kappa(["x"] * 3, ["x"] * 3) is None


def test_fleiss_kappa_of_the_published_example():
    """Fleiss (1971), as in Wikipedia's worked example: 10 items, 14 raters, 5 categories, kappa 0.210."""
    counts = [
        (0, 0, 0, 0, 14),
        (0, 2, 6, 4, 2),
        (0, 0, 3, 5, 6),
        (0, 3, 9, 2, 0),
        (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0),
        (3, 2, 6, 3, 0),
        (2, 5, 3, 2, 2),
        (6, 5, 2, 1, 0),
        (0, 2, 2, 3, 7),
    ]
    rows = [[str(k) for k, n in enumerate(row) for _ in range(n)] for row in counts]
    assert fleiss_kappa(rows) == pytest.approx(0.210, abs=0.001)
    assert fleiss_kappa([["a", "a"]]) is None


def test_disputed_items_and_confused_labels_are_listed():
    found = analyse(Ratings(ITEMS, {"a": [["ok", "ok", "bad", "ok"]], "b": [["ok", "bad", "bad", "ok"]]}, TRUTH), "ok")
    assert found.disputed == ["b", "d"]
    assert found.confused == [("bad", "ok", 2)]


def test_without_a_normal_class_there_are_no_misses():
    assert "a: miss (escape)" not in _figures(Ratings(ITEMS, {"a": [TRUTH]}, TRUTH), None)
