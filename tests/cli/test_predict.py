import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from triptych import classifier
from triptych.records import open_records
from triptych.text import printable


@pytest.fixture
def pictures(simulated, tmp_path):
    """Five pictures in a separate folder."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index, path in enumerate(sorted((simulated / "test").rglob("*.*"))[:5]):
        shutil.copy(path, folder / f"{index}{path.suffix}")
    return folder


@pytest.fixture
def stop_after(monkeypatch):
    """End a run after some records, as if it were killed or interrupted."""

    def _stop_after(count: int, error: BaseException) -> None:
        assess = classifier.assess

        def stopping(*arguments):
            for index, item in enumerate(assess(*arguments)):
                if index == count:
                    monkeypatch.undo()
                    raise error
                yield item

        monkeypatch.setattr(classifier, "assess", stopping)

    return _stop_after


@pytest.mark.parametrize("name", ["p.csv", "p.parquet", "p.json", "p.jsonl"])
def test_an_interrupted_predict_goes_on_and_gives_the_same_bytes(run, model, pictures, tmp_path, stop_after, name):
    assert run("predict", model, pictures, "-o", tmp_path / f"whole-{name}")[0] == 0
    stop_after(3, KeyboardInterrupt())
    status, _, err = run("predict", model, pictures, "-o", tmp_path / name)
    assert (status, "run the same command again" in err) == (130, True)
    assert not (tmp_path / name).exists()
    assert len((tmp_path / f"{name}.partial.jsonl").read_text().splitlines()) == 1 + 3
    status, out, _ = run("predict", model, pictures, "-o", tmp_path / name)
    assert (status, "3 of 5 rows were finished by an interrupted run" in out) == (0, True)
    assert (tmp_path / name).read_bytes() == (tmp_path / f"whole-{name}").read_bytes()
    assert not (tmp_path / f"{name}.partial.jsonl").exists()


def test_a_picture_that_changed_meanwhile_is_classified_again(run, model, pictures, tmp_path, stop_after):
    stop_after(3, KeyboardInterrupt())
    run("predict", model, pictures, "-o", tmp_path / "p.csv")
    first = sorted(pictures.iterdir())[0]
    first.write_bytes(b"no picture any more")
    status, out, err = run("predict", model, pictures, "-o", tmp_path / "p.csv")
    assert (status, "2 of 5 rows" in out, f"{first}: is not a picture" in err) == (1, True, True)


def test_the_finished_rows_of_another_model_are_not_mixed_in(run, model, pictures, tmp_path, stop_after):
    shutil.copytree(model, tmp_path / "other")
    config = tmp_path / "other" / "config.yaml"
    config.write_text(config.read_text().replace("accept_above: 0.8", "accept_above: 0.7"))
    stop_after(3, KeyboardInterrupt())
    run("predict", model, pictures, "-o", tmp_path / "p.csv")
    status, _, err = run("predict", tmp_path / "other", pictures, "-o", tmp_path / "p.csv")
    assert (status, err.splitlines()[-1].startswith("triptych: ")) == (2, True)
    assert "with another model" in err


NAMES = (
    *(os.fsdecode(b"caf\xe9.png"), "line\nbreak.png", "tab\tbell\a.png", "欠陥 😀.png", 'a"b,c|d.png', "<script>.png"),
    *("[red].png", "[bold].png"),
)


@pytest.mark.parametrize("name", ["p.csv", "p.parquet", "p.json", "p.jsonl"])
def test_a_name_of_any_bytes_is_a_row_like_any_other(run, model, simulated, tmp_path, name):
    picture = next((simulated / "test").rglob("*.png"))
    (tmp_path / "odd").mkdir()
    for odd in NAMES:
        shutil.copy(picture, tmp_path / "odd" / odd)
    assert run("predict", model, tmp_path / "odd", "-o", tmp_path / name)[0] == 0
    read = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".json": pd.read_json, ".jsonl": _read_lines}
    table = read[Path(name).suffix](tmp_path / name)
    assert set(table["image"]) == {f"{tmp_path}/odd/{printable(odd)}" for odd in NAMES}
    assert table["label"].notna().all()


@pytest.mark.parametrize("environment", [{"LC_ALL": "C", "TERM": "dumb"}, {"PYTHONIOENCODING": "ascii"}])
def test_names_that_are_not_utf8_can_be_printed_on_any_terminal(model, tmp_path, environment):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / os.fsdecode(b"caf\xe9.png")).write_bytes(b"no picture")
    output = tmp_path / os.fsdecode(b"t\xe9.csv")
    command = [sys.executable, "-m", "triptych", "predict", model, tmp_path / "p", "-o", output]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert rb"caf\xe9.png: is not a picture" in done.stderr
    with output.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["image"].endswith(r"caf\xe9.png")


@pytest.mark.parametrize("broken", ["no folder", "no database"])
def test_predict_goes_on_without_cache_and_store_with_one_warning(run, model, pictures, tmp_path, monkeypatch, broken):
    run("predict", model, pictures, "-o", tmp_path / "whole.csv")
    place = tmp_path / "cache"
    if broken == "no folder":
        place.write_text("a file, as where the home cannot be written")
    else:
        place.mkdir()
        for name in ("cache.sqlite", "answers.sqlite"):
            (place / name).write_bytes(b"rubbish" * 999)
    monkeypatch.setenv("TRIPTYCH_CACHE", str(place))
    status, _, err = run("predict", model, pictures, "-o", tmp_path / "p.csv")
    assert status == 0
    assert (err.count("Going on without a cache"), err.count("Going on without an answer store")) == (1, 1)
    assert (tmp_path / "p.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_no_file_stays_open_after_predictions(fitted, simulated):
    records = open_records(simulated).split("test")[:1]
    fitted.predict(records)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        fitted.predict(records)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def _read_lines(path: Path) -> pd.DataFrame:
    return pd.read_json(path, lines=True)
