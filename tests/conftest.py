"""What all tests share: caches in a folder of their own, and a small simulated data set."""

import os
from pathlib import Path

import pytest

from made_once import link_cache, made_once, shared_folder

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # workers share the cores; threads of theirs would only wait


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory):
    """No test reads or writes the user's caches and settings, or meets models that the user has tuned.

    Workers share OCR texts and features, but not answers.
    """
    patch = pytest.MonkeyPatch()
    cache = link_cache(tmp_path_factory.mktemp("cache"), shared_folder(tmp_path_factory) / "shared-cache")
    patch.setenv("TRIPTYCH_CACHE", str(cache))
    patch.setenv("TRIPTYCH_CONFIG", str(tmp_path_factory.mktemp("settings")))
    patch.setenv("TRIPTYCH_ADAPTERS", str(tmp_path_factory.mktemp("tuned")))
    yield
    patch.undo()


@pytest.fixture
def own_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test's own, without answers; pictures that other tests have read are not read again."""
    folder = link_cache(tmp_path / "cache", Path(os.environ["TRIPTYCH_CACHE"]))
    monkeypatch.setenv("TRIPTYCH_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty simulated records in `train` and `test`; not to be changed."""
    from triptych.simulate import simulate_dataset

    return made_once(tmp_path_factory, "data", lambda out: simulate_dataset(out, records=40, seed=3))


@pytest.fixture(scope="session")
def given_layout(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the layout file `console`, of the simulated records with this layout; not to be changed."""
    import csv

    from PIL import Image

    from triptych.reading import Reader
    from triptych.reading.layout_file import describe_layout
    from triptych.reading.ocr import RapidOCREngine
    from triptych.reading.page import Page

    with (simulated / "truth.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["layout"] == "console")
    picture = Image.open(simulated / row["image"]).convert("RGB")
    reader = Reader(RapidOCREngine())
    reader.read(picture)
    folder = tmp_path_factory.mktemp("given") / "layouts"
    describe_layout("console", reader.layouts[0], Page.of(picture).pixels).save(folder)
    return folder


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders with tiny random models of the paper's kinds; not to be changed."""
    import tiny

    folder = tmp_path_factory.mktemp("checkpoints")
    return {
        "vlm": tiny.instructblip(folder / "vlm"),
        "llm": tiny.llama(folder / "llm"),
        "image": tiny.resnet(folder / "image"),
        "text": tiny.bert(folder / "text"),
    }


@pytest.fixture(scope="session")
def quick():
    """A configuration that trains in seconds."""
    from triptych import load_config

    settings = ("warm_up.epochs=6", "alignment.stages=[0.5, 1.0]", "alignment.epochs=1", "fusion.epochs=15")
    few = ("experts=[panels, readings]", "cross_fitting.folds=2")
    return load_config(None, (*settings, *few, "augment.tda=none", "seed=1"))


@pytest.fixture(scope="session")
def fitted(simulated: Path, quick):
    """A classifier trained on the simulated records."""
    from triptych import DefectClassifier, open_records

    return DefectClassifier(quick).fit(open_records(simulated).split("train"))


@pytest.fixture(scope="session")
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `fitted`, as the first worker trained it; not to be changed."""
    return made_once(tmp_path_factory, "model", lambda folder: request.getfixturevalue("fitted").save(folder))
