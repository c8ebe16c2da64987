import json

import pytest

QUICK = (
    *("warm_up.epochs=1", "alignment.epochs=1", "alignment.stages=[1.0]", "fusion.epochs=1", "experts=[panels]"),
    "cross_fitting.folds=2",
)


@pytest.fixture
def settings():
    return [part for setting in QUICK for part in ("--set", setting)]


def test_peers_are_measured_written_and_not_measured_again(run, simulated, tmp_path, settings):
    arguments = ["benchmark", "peers", simulated, "-o", tmp_path, "--seeds", "0", "--peer", "lite0-frozen", *settings]
    status, out, _ = run(*arguments)
    assert (status, out.strip()) == (0, f"Tables: {tmp_path / 'peers.md'}")
    page = (tmp_path / "peers.md").read_text()
    assert "| EfficientNet-Lite0, frozen |" in page
    assert "settings: warm_up.epochs=1" in page
    names = {run["name"] for run in json.loads((tmp_path / "peers.json").read_text())["runs"]}
    assert names == {"lite0-frozen", "pfa-cmaf-plain", "pfa-cmaf-tda", "pfa-cmaf-plain-binary", "pfa-cmaf-tda-binary"}
    status, out, _ = run(*arguments, "--dry-run")
    assert out.count("done") == 5
    assert "to do" not in out
    for path in (tmp_path / "runs").glob("*-binary.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"commit": "0ff1ce"}))
    status, out, _ = run(*arguments, "--again", "--dry-run")
    assert (out.count("done"), out.count("to do")) == (3, 2)


def test_a_dry_run_lists_missing_runs_and_trains_nothing(run, simulated, tmp_path):
    status, out, _ = run("benchmark", "ablation", simulated, "-o", tmp_path, "--seeds", "0-1,5", "--dry-run")
    assert status == 0
    assert out.count("to do") == 3 * 11
    assert "seed 5  pfa-cmaf-tda" in out
    assert not (tmp_path / "ablation.md").exists()


def test_accuracy_is_measured_for_the_systems_asked_for_and_shown_for_all(run, simulated, tmp_path, settings):
    arguments = ["benchmark", "accuracy", simulated, "-o", tmp_path, "--seeds", "0", "--curve", "15"]
    arguments += ["--title", "Holes", "--note", "Data: our own."]
    status, out, _ = run(*arguments, "--system", "readings-svm", *settings)
    assert (status, out.strip()) == (0, f"Tables: {tmp_path / 'accuracy.md'}")
    status, _, _ = run(*arguments, "--system", "triptych", *settings)
    runs = json.loads((tmp_path / "accuracy.json").read_text())["runs"]
    assert {run["name"] for run in runs} == {"readings-svm", "readings-svm-of-15", "triptych", "triptych-of-15"}
    page = (tmp_path / "accuracy.md").read_text()
    assert page.startswith("# Holes\n")
    assert "\nData: our own.\n" in page
    assert "| Readings: SVM |" in page
    assert "| Readings: random forest | not run |" in page
    status, out, _ = run(*arguments, "--system", "triptych", *settings, "--set", "fusion.epochs=2", "--dry-run")
    assert out.count("to do") == 2


def test_given_splits_belong_to_data(run, tmp_path):
    status, _, error = run("benchmark", "accuracy", "-o", tmp_path, "--splits", tmp_path / "splits.csv")
    assert status == 2
    assert "--splits divides records of DATA; name them too" in error
