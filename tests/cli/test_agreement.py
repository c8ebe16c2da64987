"""`triptych agreement`."""

import json

import pytest


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "labels.csv"
    rows = [f"{i}.png,{'ok' if i % 2 else 'bad'},{'ok' if i % 2 or i == 4 else 'bad'},ok" for i in range(20)]
    path.write_text("\n".join(["image,truth,anna,ben", *rows]))
    return path


@pytest.fixture
def predictions(tmp_path):
    path = tmp_path / "p.csv"
    rows = [f"{i}.png,{'ok' if i % 2 else 'bad'},{'review' if i < 5 else 'accept'}" for i in range(19)]
    path.write_text("\n".join(["image,label,decision", *rows]))
    return path


def test_people_are_compared_with_a_reference(run, labels, tmp_path):
    who = ("--appraiser", "anna=anna", "--appraiser", "ben=ben", "--reference", "truth")
    status, out, err = run("agreement", labels, *who, "--json", tmp_path / "a.json")
    assert status == 0, err
    assert "Agreement on 20 items" in out
    assert "anna: effectiveness" in out
    assert "Disputed: " in out
    figures = {one["what"]: one for one in json.loads((tmp_path / "a.json").read_text())["figures"]}
    assert (figures["anna: miss (escape)"]["count"], figures["anna: miss (escape)"]["records"]) == (1, 10)
    assert figures["ben: miss (escape)"]["count"] == 10


def test_a_model_is_compared_with_people_and_what_is_missing_is_named(run, labels, predictions):
    status, out, err = run("agreement", labels, "--appraiser", "anna=anna", "--appraiser", f"model={predictions}:label")
    assert status == 0
    assert "Agreement on 19 items" in out
    assert "no label for 19.png; these items are left out" in err


def test_only_accepted_predictions_count_if_wished(run, labels, predictions):
    who = ("--appraiser", f"model={predictions}:label", "--reference", "truth", "--accepted-only")
    status, out, err = run("agreement", labels, *who)
    assert status == 0
    assert "Agreement on 14 items" in out
    assert "no label for 0.png, 1.png, 2.png and 3 more" in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--appraiser", "anna"], "'anna' is not NAME=COLUMN"),
        ([], "give each appraiser once"),
        (["--appraiser", "a=anna", "--appraiser", "a=ben"], "give each appraiser once"),
        (["--appraiser", "a=anna"], "a single list of labels agrees with nothing"),
        (["--appraiser", "a=carl", "--reference", "truth"], "there is no column 'carl'; found image, truth, anna, ben"),
        (["--appraiser", "a=anna", "--reference", "truth", "--item", "x"], "there is no column 'x'"),
    ],
)
def test_wrong_use_is_one_line(run, labels, options, message):
    status, _, err = run("agreement", labels, *options)
    assert (status, err.count("\n")) == (2, 1)
    assert message in err


def test_an_item_that_is_there_twice_is_refused(run, labels):
    labels.write_text(labels.read_text() + "\n3.png,ok,ok,ok")
    status, _, err = run("agreement", labels, "--appraiser", "a=anna", "--reference", "truth")
    assert status == 2
    assert "the item '3.png' is there twice" in err


def test_a_page_shows_the_same_and_replaces_only_a_page(run, labels, tmp_path):
    who = ("--appraiser", "anna=anna", "--reference", "truth")
    status, out, err = run("agreement", labels, *who, "-o", tmp_path / "a.html")
    assert status == 0, err
    assert "Page: " in out
    assert "anna: effectiveness" in (tmp_path / "a.html").read_text()
    status, _, err = run("agreement", labels, *who, "-o", labels.with_suffix(".html"))
    assert status == 0, err
    labels.with_suffix(".html").write_text("mine")
    status, _, err = run("agreement", labels, *who, "-o", labels.with_suffix(".html"))
    assert status == 2
    assert "is not an earlier output of this command" in err
