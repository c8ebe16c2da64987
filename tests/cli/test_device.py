import pytest


@pytest.mark.parametrize("command", ["predict", "evaluate", "figure gradcam"])
def test_a_device_that_is_not_there_is_one_line(run, model, simulated, tmp_path, command):
    rest = {"predict": (simulated / "test", "-o", tmp_path / "p.csv"), "evaluate": (simulated,)}
    arguments = rest.get(command, (simulated, "-o", tmp_path))
    status, _, err = run(*command.split(), model, *arguments, "--device", "cuda:99")
    assert (status, err.count("\n")) == (2, 1)
    assert "compute.device: 'cuda:99' cannot be used" in err


def test_predict_uses_the_given_device(run, model, simulated, tmp_path):
    picture = next((simulated / "test").rglob("*.png"))
    assert run("predict", model, picture, "-o", tmp_path / "p.csv", "--device", "cpu")[0] == 0
