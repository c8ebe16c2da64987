import pytest

from triptych.evaluation.runs import Run
from triptych.evaluation.standings import Standings, as_json, page

CLASSES = ["bad", "odd", "ok"]
TITLES = {"weak": "Weak", "good": "Good", "absent": "Absent", "own": "Own"}


def _run(seed, name, wrong=0, n_train=300, normal="ok", note="", losses=(None, None)):
    labels = [CLASSES[i % 3] for i in range(30)]
    predicted = ["bad" if i < wrong else label for i, label in enumerate(labels)]
    return Run(seed, name, "f", n_train, CLASSES, normal, labels, predicted, 2.0, "abc", note, *losses)


RUNS = [
    *(_run(seed, "weak", wrong=15 + seed, note="version 7") for seed in range(3)),
    *(_run(seed, "good", wrong=6 + seed, losses=(0.5 + seed / 10, 0.3) if seed else (None, None)) for seed in range(3)),
    *(_run(seed, "own", wrong=seed, losses=(0.25 + seed / 100, 0.125)) for seed in range(2)),
    *(_run(seed, "own-of-40", wrong=9, n_train=40, losses=(0.75, None)) for seed in range(2)),
]


@pytest.fixture
def standings():
    return Standings(TITLES, [40], RUNS)


def _scores(name):
    return [run.scores.macro_f1 for run in RUNS if run.name == name]


def _cells(text, title):
    return [[c.strip() for c in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith(f"| {title} |")]


def test_the_reference_is_ahead_by_the_mean_of_differences_on_shared_seeds(standings):
    row = _cells(page("T", [], standings, {}), "Good")[0]
    differences = [own - good for own, good in zip(_scores("own"), _scores("good"), strict=False)]
    assert row[3].startswith(f"{sum(differences) / 2:+.1f} ± ")
    assert row[6] == "3"


def test_the_reference_is_not_compared_with_itself_and_a_system_without_runs_says_so(standings):
    text = page("T", [], standings, {})
    assert _cells(text, "Own")[0][3] == ""
    assert _cells(text, "Absent")[0][1] == "not run"


def test_learning_curves_are_shown_for_those_that_have_one(standings):
    text = page("T", [], standings, {})
    assert "| | 40 | 300 |" in text
    assert len(_cells(text, "Own")) == 3
    assert len(_cells(text, "Weak")) == 1
    assert _cells(text, "Own")[1][1].startswith(f"{_scores('own-of-40')[0]:.1f}")
    assert _cells(text, "Own")[2][1:] == ["0.750 ± 0.000", "0.255 ± 0.064"]
    assert "Own minus “Good” with all records: with 40 records -" in text


def test_the_log_loss_is_shown_where_every_run_has_one(standings):
    text = page("T", [], standings, {})
    assert "| | all classes | log loss | Own is ahead by | normal or defective | Own is ahead by | seeds | s |" in text
    assert _cells(text, "Own")[0][2] == "0.255 ± 0.064"
    assert _cells(text, "Good")[0][2] == "-"  # the first of three runs has none
    assert _cells(text, "Weak")[0][2] == "-"
    assert [len(cells) for title in TITLES.values() for cells in _cells(text, title)[:1]] == [8] * 4


def test_without_parts_there_is_no_section_for_them():
    assert "number of training records" not in page("T", [], Standings(TITLES, [], RUNS[:8]), {})


def test_without_a_normal_class_there_is_no_second_score():
    runs = [_run(0, "own", normal=None), _run(0, "weak", normal=None)]
    assert _cells(page("T", [], Standings(TITLES, [], runs), {}), "Weak")[0][4:6] == ["-", ""]


def test_the_page_says_how_it_was_measured(standings):
    text = page("Accuracy", ["About."], standings, {"cores": 2})
    assert text.startswith("# Accuracy\n\nAbout.\n")
    assert "Weak: version 7." in text
    assert text.rstrip().endswith("Seeds 0, 1, 2; runs of the commits abc. Measured on: cores 2.")


def test_the_json_has_the_same_figures(standings):
    found = as_json(standings, {"cores": 2})
    systems = {system["name"]: system for system in found["systems"]}
    assert found["reference"] == "own"
    assert systems["good"]["classes"]["mean"] == pytest.approx(sum(_scores("good")) / 3)
    assert systems["absent"]["classes"] is None
    assert systems["own"]["curve"]["40"]["mean"] == pytest.approx(_scores("own-of-40")[0])
    assert systems["own"]["reference_ahead"]["classes"] is None
    assert systems["own"]["log_loss"]["mean"] == pytest.approx(0.255)
    assert systems["own"]["binary_log_loss"] == {"mean": 0.125, "half": 0.0}
    assert systems["own"]["log_loss_curve"]["40"]["mean"] == 0.75
    assert systems["good"]["log_loss"] is None
    assert [run["log_loss"] for run in found["runs"] if run["name"] == "good"] == [None, 0.6, 0.7]
    assert len(found["runs"]) == len(RUNS)
