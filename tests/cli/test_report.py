"""`triptych report` with an audit and a learning curve."""

import json

import numpy as np
import pytest
from PIL import Image

from parsed_page import Page
from triptych import DefectClassifier, load_config, open_records

FEW = ("experts=[readings]", "augment.tda=none", "reading.sample=2", "answers.vlm=none", "answers.llm=none")
SMALL = ("cross_fitting.folds=2", "audit.experts=[readings]", "audit.permutations=100")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Forty pictures of noise with the column `thickness`; one of them is there twice, with two labels."""
    folder, rng = tmp_path_factory.mktemp("report"), np.random.default_rng(0)
    rows = ["image,label,split,thickness"]
    for i in range(40):
        Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)).save(folder / f"{i}.png")
        value = rng.normal(14 if i % 2 else 10, 0.5)
        rows.append(f"{i}.png,{'bad' if i % 2 else 'ok'},{'train' if i < 30 else 'test'},{value:.2f}")
    (folder / "copy.png").write_bytes((folder / "39.png").read_bytes())
    (folder / "manifest.csv").write_text("\n".join([*rows, f"copy.png,ok,test,{rows[-1].rpartition(',')[2]}"]))
    return folder


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "model"
    DefectClassifier(load_config(None, (*FEW, *SMALL))).fit(open_records(data).split("train")).save(folder)
    return folder


def test_the_audit_is_a_section_whose_records_lead_to_their_cards(run, trained, data, tmp_path):
    status, _, err = run("report", trained, data, "-o", tmp_path / "r.html", "--audit")
    assert status == 0, err
    page = Page((tmp_path / "r.html").read_text())
    assert "Audit of the data" in page.words
    assert "41 records of 2 classes were audited." in page.words
    assert "One picture, two labels 1" in page.words
    cards = {card["id"] for card in page.all("article")}
    accused = [link["href"] for link in page.all("a") if link.get("class") == "id"]
    assert accused
    assert {href.removeprefix("#") for href in accused} <= cards


def test_without_being_asked_nothing_is_audited(run, trained, data, tmp_path):
    assert run("report", trained, data, "-o", tmp_path / "r.html")[0] == 0
    words = Page((tmp_path / "r.html").read_text()).words
    assert "Audit of the data" not in words
    assert "More records" not in words


def test_a_learning_curve_is_drawn_and_a_wrong_file_is_refused_first(run, trained, data, tmp_path):
    curve = {str(n): {"mean": 60.0 + n, "half": None} for n in (10, 20)}
    system = {"name": "triptych", "seeds": [0], "curve": curve, "log_loss_curve": {}}
    result = tmp_path / "accuracy.json"
    result.write_text(json.dumps({"reference": "triptych", "systems": [system]}))
    asked = ("report", trained, data, "-o", tmp_path / "r.html", "--learning-curve", result)
    assert run(*asked)[0] == 0
    assert "measured before by triptych benchmark accuracy" in Page((tmp_path / "r.html").read_text()).words
    result.write_text("{}")
    status, _, err = run(*asked)
    assert (status, err.count("\n")) == (2, 1)
    assert "is not a result of `triptych benchmark accuracy`" in err
