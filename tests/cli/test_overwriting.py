"""No command overwrites files that Triptych did not write."""

import pytest

MINE = "my own, kept for years\n"


def _kept(path):
    return path.read_text() == MINE


def test_predict_never_writes_over_its_own_input(run, model, simulated, tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_text(f"image\n{next((simulated / 'test').rglob('*.png'))}\n")
    before = listed.read_bytes()
    for more in ((), ("--overwrite",)):
        status, _, err = run("predict", model, listed, "-o", listed, *more)
        assert (status, err.count("\n")) == (2, 1)
        assert "list.csv: is an input of this command and is not written over" in err
    assert listed.read_bytes() == before


@pytest.mark.parametrize(
    ("command", "option", "name"),
    [
        (("predict", "MODEL", "PICTURE"), "-o", "mine.csv"),
        (("read", "PICTURE"), "-o", "mine.json"),
        (("evaluate", "MODEL", "DATA"), "--json", "mine.json"),
        (("evaluate", "MODEL", "DATA"), "--report", "mine.html"),
        (("report", "MODEL", "DATA"), "-o", "mine.html"),
        (("operating-points", "MODEL"), "-o", "mine.html"),
        (("answers", "export"), "-o", "mine.csv"),
        (("figure", "samples", "DATA"), "-o", "samples.png"),
        (("figure", "gradcam", "MODEL", "DATA"), "-o", "gradcam.svg"),
        (("figure", "ranking", "DATA"), "-o", "ranking.png"),
        (("benchmark", "ablation", "DATA"), "-o", "ablation.md"),
        (("benchmark", "accuracy", "DATA"), "-o", "accuracy.json"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_not_an_earlier_output_is_kept(run, model, simulated, tmp_path, command, option, name):
    mine = tmp_path / name
    mine.write_text(MINE)
    picture = next((simulated / "test").rglob("*.png"))
    places = {"MODEL": model, "DATA": simulated, "PICTURE": picture}
    output = mine if name.startswith("mine") else tmp_path
    status, _, err = run(*(places.get(word, word) for word in command), option, output)
    assert (status, err.count("\n")) == (2, 1)
    assert f"{name}: exists and is not an earlier output of this command" in err
    assert _kept(mine)


def test_earlier_outputs_are_replaced_and_others_with_overwrite(run, model, simulated, tmp_path):
    picture = next((simulated / "test").rglob("*.png"))
    for _ in range(2):
        assert run("predict", model, picture, "-o", tmp_path / "p.csv")[0] == 0
        assert run("figure", "samples", simulated, "-o", tmp_path, "--each", 1)[0] == 0
        report = ("--json", tmp_path / "s.json", "--report", tmp_path / "r.html")
        assert run("evaluate", model, simulated, *report)[0] == 0
    (tmp_path / "mine.csv").write_text(MINE)
    assert run("predict", model, picture, "-o", tmp_path / "mine.csv", "--overwrite")[0] == 0
    assert not _kept(tmp_path / "mine.csv")


@pytest.mark.parametrize("name", ["README.md", "adapter_config.json", "tuned.json"])
def test_tune_keeps_files_that_it_did_not_write(run, tmp_path, name):
    folder = tmp_path / "adapters" / "llm"
    folder.mkdir(parents=True)
    (folder / name).write_text(MINE)
    status, _, err = run("tune", "--only", "llm", "-o", tmp_path / "adapters", "--overwrite")
    assert (status, err.count("\n")) == (2, 1)
    assert f"holds {name}, which `triptych tune` did not write" in err
    assert _kept(folder / name)


def test_simulate_keeps_pictures_of_other_origin(run, tmp_path):
    assert run("simulate", tmp_path, "--records", 10)[0] == 0
    picture = next((tmp_path / "train").rglob("*.*"))
    kept = [line for line in (tmp_path / "truth.csv").read_text().splitlines() if picture.name not in line]
    (tmp_path / "truth.csv").write_text("\n".join(kept))
    picture.write_text(MINE)
    status, _, err = run("simulate", tmp_path, "--records", 10)
    assert status == 2
    assert f"{picture.name}: was not simulated" in err.splitlines()[-1]  # after the progress bar
    assert _kept(picture)
