"""The scripts in `examples/` run as they stand, quickly, on simulated records."""

import csv
import runpy
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SAID = {
    "folder_to_decisions.py": "the table is in decisions.csv",
    "review_list.py": "records to review",
    "lots.py": "macro-F1 on lots that the model has never seen",
    "cross_validation.py": "without the readings branch: macro-F1",
}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a script in an empty folder; what it printed."""

    def _run(script: str, *arguments: object) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        monkeypatch.setattr(sys, "argv", [script, *map(str, arguments)])
        runpy.run_path(str(EXAMPLES / script), run_name="__main__")
        return capsys.readouterr().out

    return _run


def test_every_script_is_run_and_listed():
    scripts = {path.name for path in EXAMPLES.glob("*.py")}
    assert scripts == set(SAID)
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(f"({name})" in page for name in scripts)


@pytest.mark.parametrize("script", [name for name in SAID if name != "lots.py"])
def test_an_example_runs_without_data_of_ones_own(run, script):
    assert SAID[script] in run(script, "--quick")


def test_decisions_are_written_for_pictures_of_ones_own(run, simulated, tmp_path):
    run("folder_to_decisions.py", simulated, simulated / "test", "--quick", "--output", "own.csv")
    with (tmp_path / "own.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(list((simulated / "test").rglob("*.png"))) + len(list((simulated / "test").rglob("*.jpg")))
    assert {row["decision"] for row in rows} <= {"accept", "review"}


def test_a_review_list_is_made_with_a_model_of_ones_own(run, model, simulated):
    assert "records to review" in run("review_list.py", model, simulated / "test")


def test_the_lots_of_the_test_are_not_trained_on(run):
    lines = run("lots.py", "--quick").splitlines()
    assert SAID["lots.py"] in lines[-1]
    trained, tested = (line.partition(": ")[2] for line in lines[:2])
    assert "lot-" in tested
    assert not set(eval(trained)) & set(eval(tested))
