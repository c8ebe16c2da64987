"""`triptych explain`, and the reasons in `triptych predict --explain`."""

import csv
import json
import shutil

import pytest


def test_the_reasons_for_some_records_are_a_page_and_json(run, model, simulated, tmp_path):
    picture = next((simulated / "test").rglob("*.png"))
    (tmp_path / "broken.png").write_text("no picture")
    paths = (picture, tmp_path / "broken.png")
    status, out, err = run("explain", model, *paths, "-o", tmp_path / "why.html", "--json", tmp_path / "why.json")
    assert status == 1
    assert "1 of 2 inputs failed" in err
    assert " rather than " in out
    (reason,) = json.loads((tmp_path / "why.json").read_text())["records"].values()
    assert reason["decision"] in ("accept", "review")
    assert sum(reason["probabilities"].values()) == pytest.approx(1)
    assert [heat["expert"] for heat in reason["maps"]] == ["panels"]
    assert len(reason["maps"][0]["box"]) == 4
    assert reason["experts"][0]["share"] >= reason["experts"][-1]["share"]
    page = (tmp_path / "why.html").read_text()
    assert "Nearest training records" in page
    assert "Picture of training record train/" in page  # found around the explained record


def test_training_pictures_that_lie_elsewhere_are_shown_if_the_data_are_given(run, model, simulated, tmp_path):
    picture = shutil.copy(next((simulated / "test").rglob("*.png")), tmp_path / "new.png")
    page, again = tmp_path / "why.html", tmp_path / "again.html"
    assert run("explain", model, picture, "-o", page)[0] == 0
    assert "Give the training data with --data" in page.read_text()
    assert run("explain", model, picture, "-o", again, "--data", simulated)[0] == 0
    assert "Give the training data with --data" not in again.read_text()
    assert "Picture of training record train/" in again.read_text()


def test_predictions_have_the_reasons_if_asked(run, model, simulated, tmp_path):
    picture = next((simulated / "test").rglob("*.png"))
    assert run("predict", model, picture, "-o", tmp_path / "p.csv", "--explain")[0] == 0
    (row,) = csv.DictReader((tmp_path / "p.csv").open())
    assert " rather than " in row["why"]
    assert row["counterfactual"]
    assert row["nearest"].count("(") == 10


def test_too_many_records_for_a_page_are_refused(run, model, simulated, tmp_path):
    pictures = [next((simulated / "test").rglob("*.png"))] * 51
    status, _, err = run("explain", model, *pictures, "-o", tmp_path / "why.html")
    assert status == 2
    assert "a page explains at most 50" in err
