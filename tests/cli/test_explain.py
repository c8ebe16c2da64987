"""`triptych explain`, and the reasons in `triptych predict --explain`."""

import csv
import json


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
    assert reason["experts"][0]["share"] >= reason["experts"][-1]["share"]
    assert "Nearest training records" in (tmp_path / "why.html").read_text()


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
