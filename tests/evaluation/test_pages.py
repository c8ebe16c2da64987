import pytest

from triptych.evaluation.pages import as_json, page, table_lines
from triptych.evaluation.runs import Run
from triptych.evaluation.variants import Row, Table

TABLE = Table(
    "Table 9", (Row("one", "one", 70.0, 60.0), Row("two", "two-binary"), Row("none", "none"), Row("all", "all"))
)


def _run(seed, name, wrong=0, classes=("bad", "ok", "odd")):
    labels = [classes[i % len(classes)] for i in range(12)]
    predicted = [classes[0] if i < wrong else label for i, label in enumerate(labels)]
    return Run(seed, name, "f", 10, list(classes), "ok", labels, predicted, seconds=2.0)


@pytest.fixture
def runs():
    both = [_run(seed, "two-binary", classes=("bad", "ok")) for seed in (0, 1)]
    return [_run(0, "one", wrong=3), _run(1, "one", wrong=6), _run(0, "all"), _run(1, "all", wrong=3), *both]


def _cells(lines, title):
    return next([cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith(f"| {title} |"))


def test_a_row_has_mean_and_interval_beside_the_papers_figure(runs):
    title, binary, paper_binary, classes, paper_classes, difference, seeds, _ = _cells(table_lines(TABLE, runs), "one")
    scores = [run.scores.macro_f1 for run in runs[:2]]
    assert classes == f"{sum(scores) / 2:.1f} ± {12.706 * abs(scores[0] - scores[1]) / 2:.1f}"  # t of one degree
    assert (title, paper_binary, paper_classes, seeds) == ("one", "70.00", "60.00", "2")
    assert "±" in binary
    assert difference.startswith("-")


def test_differences_are_taken_seed_by_seed(runs):
    uneven = [*runs, _run(2, "one", wrong=9)]  # a seed that the last row lacks
    assert _cells(table_lines(TABLE, uneven), "one")[5] == _cells(table_lines(TABLE, runs), "one")[5]
    assert _cells(table_lines(TABLE, runs), "all")[5] == ""


def test_a_row_without_runs_says_so(runs):
    assert _cells(table_lines(TABLE, runs), "none")[1:4] == ["not run", "", "not run"]


def test_what_was_trained_on_two_classes_has_no_score_over_all(runs):
    assert _cells(table_lines(TABLE, runs), "two")[3] == "-"


def test_the_page_says_how_it_was_measured(runs):
    text = page("Peers", ["About."], (TABLE,), runs, {"commit": "abc", "cores": 2})
    assert text.startswith("# Peers\n\nAbout.\n")
    assert text.rstrip().endswith("Seeds 0, 1. Measured on: commit abc, cores 2.")


def test_the_json_has_the_same_figures_and_every_run_of_the_tables(runs):
    found = as_json((TABLE,), [*runs, _run(0, "elsewhere")], {"commit": "abc"})
    row = found["tables"]["Table 9"][0]
    assert row["paper"] == {"binary": 70.0, "classes": 60.0}
    assert row["classes"]["mean"] == pytest.approx(sum(run.scores.macro_f1 for run in runs[:2]) / 2)
    assert {run["name"] for run in found["runs"]} == {"one", "all", "two-binary"}
    assert found["environment"] == {"commit": "abc"}
