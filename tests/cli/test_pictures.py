"""Pictures that are not plain 8-bit files, through the commands."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from triptych import DefectClassifier

SETTINGS = ("warm_up.epochs=8", "experts=[panels]", "cross_fitting.folds=1", "alignment.stages=[]", "fusion.epochs=10")
NOBODY = ("augment.tda=none", "reading.ocr=none", "answers.vlm=none", "answers.llm=none")


def _wave(rng: np.random.Generator, across: bool) -> np.ndarray:
    """Stripes along one axis with noise, 1000 to 1400."""
    phase = np.linspace(0, 6 * np.pi, 64) + rng.uniform(0, np.pi)
    stripes = 1200 + 150 * np.sin(phase)[:, None] + rng.uniform(-50, 50, (64, 64))
    return (stripes.T if across else stripes).astype(np.uint16)


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """Sixteen training and eight test pictures in 16 bits, that use 400 values; the first has two pages."""
    out, rng = tmp_path_factory.mktemp("deep"), np.random.default_rng(0)
    for split, count in (("train", 8), ("test", 4)):
        for name in ("good", "turned"):
            (out / split / name).mkdir(parents=True)
            for i in range(count):
                picture = Image.fromarray(_wave(rng, name == "turned"))
                picture.save(out / split / name / f"{i}.tif", save_all=True, append_images=[picture][i:])
    return out


def test_classes_that_differ_in_few_of_65536_grey_levels_are_distinguished(run, deep, tmp_path):
    settings = [part for setting in (*SETTINGS, *NOBODY) for part in ("--set", setting)]
    status, _, err = run("train", deep, "-o", tmp_path / "model", *settings)
    assert status == 0
    assert "warning: only the first of several pages or frames is used: 2 pictures (" in err
    low, high = json.loads((tmp_path / "model" / "readings.json").read_text())["depth"]["range"]
    assert 1000 <= low < 1100 < 1300 < high <= 1400

    status, _, _ = run("evaluate", tmp_path / "model", deep, "--json", tmp_path / "scores.json")
    assert json.loads((tmp_path / "scores.json").read_text())["macro_f1"] == 100

    Image.fromarray(np.full((64, 64), 60_000, np.uint16)).save(tmp_path / "far.png")
    status, _, err = run("predict", tmp_path / "model", deep / "test", tmp_path / "far.png", "-o", tmp_path / "p.csv")
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    assert status == 0
    assert "warning: only the first of several pages or frames is used: 2 pictures (" in err
    assert rows[-1]["decision"] == "review"
    (item,) = DefectClassifier.load(tmp_path / "model").assess([tmp_path / "far.png"])
    assert "far outside" in item.decision.reasons[0]


def test_reading_warns_that_only_the_first_page_is_used(run, deep, tmp_path):
    status, _, err = run("read", deep / "test" / "good", "--ocr", "none", "-o", tmp_path / "r.csv")
    assert status == 0
    assert "warning: only the first of several pages or frames is used: 1 picture (" in err
