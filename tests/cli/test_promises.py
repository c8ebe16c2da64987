"""Promised rates of escapes and overkill, from training to prediction."""

import csv
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from triptych import DefectClassifier, load_config, open_records
from triptych.cli.promises import decision_settings
from triptych.errors import InputError
from triptych.model.folder import load_model

FEW = ("experts=[readings]", "augment.tda=none", "reading.sample=2", "answers.vlm=none", "answers.llm=none")
OPTIONS = [part for setting in FEW for part in ("--set", setting)]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Ninety pictures of noise with the column `thickness`, which separates most of the bad ones from the good ones."""
    folder, rng = tmp_path_factory.mktemp("promises"), np.random.default_rng(0)
    rows = ["image,label,split,thickness"]
    for i in range(90):
        Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)).save(folder / f"{i}.png")
        value = rng.normal(12.5 if i % 2 else 10, 1.0)
        rows.append(f"{i}.png,{'bad' if i % 2 else 'ok'},{'train' if i < 80 else 'test'},{value:.2f}")
    (folder / "manifest.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """The folder of a model that was trained on them; not to be changed."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    DefectClassifier(load_config(None, FEW)).fit(open_records(data).split("train")).save(folder)
    return folder


@pytest.fixture
def mine(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "model")


def test_training_says_first_what_the_records_can_promise_and_keeps_to_it(run, data, tmp_path):
    status, out, err = run("train", data, "-o", tmp_path / "m", *OPTIONS, "--max-escape", "20%")
    assert status == 0, err
    assert "escape: 40 defective records can promise at best 7.22% with 95% confidence; 20% is asked for" in out
    promise = load_model(tmp_path / "m").point.promises["escape"]
    assert (promise.rate, promise.records) == (0.2, 40)
    assert promise.bound <= 0.2
    assert "escape of at most 20%" in (tmp_path / "m" / "README.md").read_text()


def test_a_promise_beyond_the_records_is_refused_and_nothing_is_released_as_normal(run, data, tmp_path):
    status, out, err = run("train", data, "-o", tmp_path / "m", *OPTIONS, "--max-escape", "0.5%")
    assert status == 0, err
    assert "at best 7.22%; 598 defective records without an error would be needed" in out
    assert "such records go to review" in err
    assert run("predict", tmp_path / "m", data, "-o", tmp_path / "p.csv")[0] == 0
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    called_ok = [row for row in rows if row["label"] == "ok"]
    assert {row["decision"] for row in called_ok} == {"review"}
    assert "598 defective records" in called_ok[0]["reasons"]
    assert "accept" in {row["decision"] for row in rows}


def test_a_promise_without_a_normal_class_ends_before_anything_is_read(run, data, tmp_path):
    (tmp_path / "manifest.csv").write_text((data / "manifest.csv").read_text().replace(",ok,", ",fine,"))
    for path in data.glob("*.png"):
        shutil.copy(path, tmp_path)
    status, _, err = run("train", tmp_path, "-o", tmp_path / "m", *OPTIONS, "--max-escape", "5%")
    assert status == 2
    assert "name it with --normal" in err
    assert not (tmp_path / "m").exists()


def test_operating_points_are_shown_written_and_applied(run, mine, tmp_path):
    page, table = tmp_path / "points.html", tmp_path / "points.json"
    status, out, err = run("operating-points", mine, "-o", page, "--json", table)
    assert status == 0, err
    assert "The model promises no rate" in out
    assert "7.22%" in out
    found = json.loads(table.read_text())
    assert found["escape"][0]["promises"]["escape"]["errors"] == 0
    assert found["escape"][0]["outcomes"]["review"]["records"] == 80
    html = page.read_text()
    assert "What a promise costs" in html
    assert "<script" not in html
    assert load_model(mine).point is None
    assert run("operating-points", mine, "--max-escape", "10%", "--apply")[0] == 0
    assert load_model(mine).point.promises["escape"].rate == 0.1
    assert run("operating-points", mine, "--costs", "50,5,1", "--apply")[0] == 0
    assert load_model(mine).config.decision.max_escape is None
    assert load_model(mine).point.costs == (50, 5, 1)


def test_stricter_promises_send_more_records_to_review(run, mine, tmp_path):
    run("operating-points", mine, "--json", tmp_path / "p.json")
    rows = json.loads((tmp_path / "p.json").read_text())["escape"]
    reviews = [row["outcomes"]["review"]["count"] for row in rows]
    escapes = [row["outcomes"]["escapes"]["count"] for row in rows]
    assert len(rows) > 2
    assert reviews == sorted(reviews, reverse=True)
    assert escapes == sorted(escapes)


def test_applying_without_a_wish_is_refused(run, mine):
    status, _, err = run("operating-points", mine, "--apply")
    assert status == 2
    assert "--apply needs a promise or costs" in err


def test_evaluation_reports_what_became_of_the_records(run, mine, data, tmp_path):
    run("operating-points", mine, "--max-escape", "10%", "--apply")
    status, out, err = run("evaluate", mine, data, "--json", tmp_path / "s.json")
    assert status == 0, err
    for words in ("Log loss", "expected calibration error", "Escapes: ", "ppm", "Promised: escape of at most 10%"):
        assert words in out
    found = json.loads((tmp_path / "s.json").read_text())
    assert found["log_loss"] > 0
    assert found["decisions"]["escapes"]["records"] == 5
    assert len(found["promises"]) == 1


def test_the_report_command_writes_the_same_page_with_a_title_of_ones_own(run, mine, data, tmp_path):
    status, _, err = run("report", mine, data, "-o", tmp_path / "r.html", "--title", "Lot <17>")
    assert status == 0, err
    page = (tmp_path / "r.html").read_text()
    assert "<h1>Lot &lt;17&gt;</h1>" in page
    assert "Reliability on these records" in page


def test_predictions_have_the_classes_that_cannot_be_excluded(run, mine, data, tmp_path):
    assert run("predict", mine, data, "-o", tmp_path / "p.csv")[0] == 0
    sets = {row["prediction_set"] for row in csv.DictReader((tmp_path / "p.csv").open())}
    assert {"bad", "ok"} <= sets <= {"", "bad", "ok", "bad|ok"}


@pytest.mark.parametrize("text", ["5", "0", "-1%", "100%", "few", ""])
def test_what_is_not_a_rate_is_refused(text):
    with pytest.raises(InputError, match=r"--max-escape: .* is not a rate; give a percentage such as 0.5%"):
        decision_settings(text, None, False, None)


def test_a_percentage_and_a_share_are_the_same():
    assert decision_settings("0.5%", "0.005", False, None) == (
        "decision.max_escape=0.005",
        "decision.max_overkill=0.005",
    )


@pytest.mark.parametrize("text", ["1,2", "a,b,c", "1,2,-3", "1,2,inf"])
def test_what_are_not_costs_is_refused(text):
    with pytest.raises(InputError, match="is not three numbers"):
        decision_settings(None, None, False, text)
