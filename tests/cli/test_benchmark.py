import json

import pytest

QUICK = ("warm_up.epochs=1", "alignment.epochs=1", "alignment.stages=[1.0]", "fusion.epochs=1")


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


def test_a_dry_run_lists_what_is_to_do_and_trains_nothing(run, simulated, tmp_path):
    status, out, _ = run("benchmark", "ablation", simulated, "-o", tmp_path, "--seeds", "0-1,5", "--dry-run")
    assert status == 0
    assert out.count("to do") == 3 * 11
    assert "seed 5  pfa-cmaf-tda" in out
    assert not (tmp_path / "ablation.md").exists()
