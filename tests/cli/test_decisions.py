"""`predict` and `evaluate` with records that differ from the training records."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from triptych import DefectClassifier, load_config
from triptych.records import image_records, open_records

SETTINGS = (
    "warm_up.epochs=8",
    "alignment.epochs=0",
    "fusion.epochs=25",
    "augment.tda=none",
    "experts=[panels]",
    "cross_fitting.folds=1",
)


@pytest.fixture(scope="module")
def config():
    return load_config(None, (*SETTINGS, "reading.sample=2", "decision.accept_above=0.7"))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Forty pictures of noise with the columns `thickness`, which separates the classes, and `place`."""
    folder, rng = tmp_path_factory.mktemp("columns"), np.random.default_rng(0)
    rows = ["image,label,thickness,place"]
    for i in range(40):
        Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)).save(folder / f"{i}.png")
        rows.append(f"{i}.png,{'bad' if i % 2 else 'ok'},{rng.normal(14 if i % 2 else 10, 0.5):.2f},front")
    (folder / "manifest.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture(scope="module")
def measured(data, config, tmp_path_factory):
    """The folder of a model that was trained on them."""
    folder = tmp_path_factory.mktemp("measured") / "model"
    DefectClassifier(config).fit(open_records(data)).save(folder)
    return folder


@pytest.fixture
def lot(data, tmp_path):
    """Writes a table of the first pictures with the columns of `header`."""

    def write(header, *rows):
        path = data / f"{tmp_path.name}.csv"
        path.write_text("\n".join([f"image,{header}", *(f"{i}.png,{row}" for i, row in enumerate(rows))]))
        return path

    return write


def predicted(run, model, path, tmp_path, *options):
    status, _, err = run("predict", model, path, "-o", tmp_path / "p.csv", *options)
    assert status == 0, err
    return list(csv.DictReader((tmp_path / "p.csv").open())), err


def test_records_like_the_training_records_are_accepted_without_a_reason(run, measured, lot, tmp_path):
    rows, err = predicted(run, measured, lot("thickness,place", "10.1,front", "14.2,back"), tmp_path)
    assert [(row["label"], row["decision"], row["reasons"], row["problems"]) for row in rows] == [
        ("ok", "accept", "", ""),
        ("bad", "accept", "", ""),
    ]
    assert "warning" not in err


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        ("Thickness [um],place", ["10.1,front"], "'thickness', which is missing (is it 'Thickness [um]'?)"),
        ("place", ["front", "back"], "'thickness', which is missing; found place"),
    ],
    ids=["renamed", "dropped"],
)
def test_a_missing_or_renamed_column_is_refused_before_any_work(run, measured, lot, tmp_path, header, rows, message):
    path = lot(header, *rows)
    status, _, err = run("predict", measured, path, "-o", tmp_path / "p.csv")
    assert (status, err.count("\n")) == (2, 1)
    assert message in err
    assert str(path) in err
    assert not (tmp_path / "p.csv").exists()


def test_allowed_missing_columns_send_their_records_to_review(run, measured, lot, tmp_path):
    rows, err = predicted(run, measured, lot("place", "front", "back"), tmp_path, "--allow-missing")
    assert [row["decision"] for row in rows] == ["review", "review"]
    assert "field thickness: empty, and 100% of the training records have it" in rows[0]["reasons"]
    assert "1 column ('thickness') is missing" in err


def test_pictures_alone_are_refused_by_a_model_of_columns(run, measured, data, tmp_path):
    status, _, err = run("predict", measured, data / "0.png", "-o", tmp_path / "p.csv")
    assert (status, err.count("\n")) == (2, 1)
    assert "pictures alone have none; give a table" in err
    rows, _ = predicted(run, measured, data / "0.png", tmp_path, "--allow-missing")
    assert rows[0]["decision"] == "review"


def test_an_empty_cell_sends_its_own_record_to_review(run, measured, lot, tmp_path):
    rows, _ = predicted(run, measured, lot("thickness,place", "10.1,front", ",front"), tmp_path)
    assert [row["decision"] for row in rows] == ["accept", "review"]
    assert "field thickness: empty" in rows[1]["reasons"]


def test_a_column_1000_times_too_large_sends_its_records_to_review(run, measured, lot, tmp_path):
    rows, _ = predicted(run, measured, lot("thickness,place", "10100,front", "14200,front"), tmp_path)
    assert [row["decision"] for row in rows] == ["review", "review"]
    assert "field thickness: 10100 is far outside the range of the training records, " in rows[0]["reasons"]


def test_unknown_columns_are_named_and_change_nothing(run, measured, lot, tmp_path):
    plain, _ = predicted(run, measured, lot("thickness,place", "10.1,front"), tmp_path)
    rows, err = predicted(run, measured, lot("thickness,place,operator", "10.1,front,Ada"), tmp_path)
    assert rows == plain
    assert "1 column ('operator') is unknown to the model and not used" in err


def test_evaluate_refuses_a_missing_column_too(run, measured, lot, data):
    path = lot("label,split,place", "ok,test,front")
    status, _, err = run("evaluate", measured, path)
    assert (status, err.count("\n")) == (2, 1)
    assert "'thickness', which is missing" in err


@pytest.mark.parametrize("name", ["p.parquet", "p.jsonl"])
def test_reasons_and_problems_are_text_in_every_format(run, measured, lot, tmp_path, name):
    import pandas as pd

    path = lot("thickness,place", "10.1,front", "99999,")
    assert run("predict", measured, path, "-o", tmp_path / name)[0] == 0
    table = pd.read_parquet(tmp_path / name) if name.endswith("parquet") else pd.read_json(tmp_path / name, lines=True)
    assert table["reasons"][0] == ""
    assert "field place: empty" in table["reasons"][1]
    assert "; field thickness: 99999 is far outside" in table["reasons"][1]
    assert table["problems"].tolist() == ["", ""]


def test_in_python_missing_columns_are_refused_or_allowed(measured, data):
    pictures = image_records([data / "0.png"])
    classifier = DefectClassifier.load(measured)
    with pytest.raises(Exception, match="allow_missing=True"):
        classifier.predict(pictures)
    with pytest.warns(UserWarning, match=r"2 columns \('thickness', 'place'\) are missing"):
        (found,) = classifier.set_params(allow_missing=True).assess(pictures)
    assert found.decision.verdict == "review"


def test_plain_pictures_are_accepted_and_not_searched_for_text(run, config, tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    for i in range(24):
        folder = tmp_path / "data" / ("train" if i < 20 else "test") / ("dark", "light")[i % 2]
        folder.mkdir(parents=True, exist_ok=True)
        noise = rng.integers(0, 90, (40, 40, 3), dtype=np.uint8)
        Image.fromarray(noise + np.uint8(150 * (i % 2))).save(folder / f"{i}.png")
    (tmp_path / "c.yaml").write_text(config.to_yaml())
    status, out, _ = run("train", tmp_path / "data", "-o", tmp_path / "m", "--config", tmp_path / "c.yaml")
    assert status == 0
    assert "none of the 2 pictures searched has a printed table, so the other 18 were not searched" in out
    facts = json.loads((tmp_path / "m" / "metrics.json").read_text())
    assert facts["tables"] == {"searched": 2, "not_searched": 18}
    assert "(nothing but the picture)" in (tmp_path / "m" / "README.md").read_text()
    monkeypatch.setattr("triptych.reading.ocr.RapidOCREngine.detect", lambda *_: pytest.fail("a picture was searched"))
    rows, _ = predicted(run, tmp_path / "m", tmp_path / "data" / "test", tmp_path)
    assert [(row["label"], row["decision"], row["reasons"], row["problems"]) for row in rows] == [
        *[("dark", "accept", "", "")] * 2,
        *[("light", "accept", "", "")] * 2,
    ]
