import shutil

import pytest

QUICK = (
    *("warm_up.epochs=1", "alignment.epochs=1", "alignment.stages=[1.0]", "experts=[panels]"),
    "cross_fitting.folds=2",
)


def _written(folder, name):
    return [(folder / f"{name}.{kind}").exists() for kind in ("png", "svg")] == [True, True]


def test_samples(run, simulated, tmp_path):
    status, out, _ = run("figure", "samples", simulated, "-o", tmp_path, "--each", 2)
    assert status == 0
    assert out.splitlines() == [f"Figure: {tmp_path / 'samples.png'}", f"Figure: {tmp_path / 'samples.svg'}"]
    assert _written(tmp_path, "samples")


def test_a_broken_picture_is_listed_and_the_others_are_drawn(run, simulated, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(simulated, data)
    for path in sorted((data / "train" / "type-2").iterdir()) + sorted((data / "test" / "type-2").iterdir()):
        path.write_text("no picture")
    status, _, err = run("figure", "samples", data, "-o", tmp_path, "--each", 1)
    assert (status, "1 of 5 inputs failed" in err) == (1, True)
    assert _written(tmp_path, "samples")


def test_gradcam_of_a_trained_model(run, model, simulated, tmp_path):
    assert run("figure", "gradcam", model, simulated, "-o", tmp_path)[0] == 0
    assert _written(tmp_path, "gradcam")


@pytest.mark.parametrize("name", ["ranking", "embeddings"])
def test_figures_of_the_alignment(run, simulated, tmp_path, name):
    settings = [part for setting in QUICK for part in ("--set", setting)]
    assert run("figure", name, simulated, "-o", tmp_path, *settings)[0] == 0
    assert _written(tmp_path, name)


def test_records_without_labels_are_refused(run, simulated, tmp_path):
    shutil.copy(next(simulated.rglob("*.png")), tmp_path / "a.png")
    (tmp_path / "manifest.csv").write_text("image\na.png\n")
    status, _, err = run("figure", "samples", tmp_path, "-o", tmp_path)
    assert (status, "carry no labels" in err) == (2, True)
