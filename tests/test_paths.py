import inspect
from pathlib import Path

import pytest

import triptych
import triptych.records
import triptych.report
import triptych.simulate
from triptych import DefectClassifier, load_config, open_records
from triptych.answers.defect_book import load_book
from triptych.errors import InputError
from triptych.model.folder import load_model, save_model
from triptych.paths import as_path
from triptych.records import image_records
from triptych.training.job import train_model

PACKAGES = (triptych, triptych.records, triptych.report, triptych.simulate)
FUNCTIONS = (load_book, load_model, save_model, train_model)
PUBLIC = [*FUNCTIONS, *(getattr(package, name) for package in PACKAGES for name in package.__all__)]
CALLED = {f for item in PUBLIC if inspect.isfunction(item) for f in [item]} | {
    getattr(item, name)
    for item in PUBLIC
    if inspect.isclass(item)
    for name in vars(item)
    if name[0] != "_" and callable(getattr(item, name))
}


def test_a_path_is_text_or_a_path_object(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert as_path("a/b.png") == as_path(Path("a/b.png")) == Path("a/b.png")
    assert as_path("~/data") == tmp_path / "data"
    assert as_path("~backup.png") == Path("~backup.png")


@pytest.mark.parametrize("path", [None, 3, b"a.png", "", "a\0b"], ids=repr)
def test_invalid_paths_are_refused(path):
    with pytest.raises(InputError, match="path"):
        as_path(path)


@pytest.mark.parametrize("function", sorted(CALLED, key=lambda f: f.__qualname__), ids=lambda f: f.__qualname__)
def test_no_public_function_takes_a_path_object_alone(function):
    hints = {name: str(hint) for name, hint in function.__annotations__.items() if name != "return"}
    assert not [name for name, hint in hints.items() if "Path" in hint and "PathLike" not in hint]


def test_data_models_and_configurations_are_opened_by_their_names_as_text(model, simulated, tmp_path, monkeypatch):
    monkeypatch.chdir(simulated.parent)
    records = open_records("data")
    assert [record.id for record in records] == [record.id for record in open_records(simulated)]
    assert len(image_records("data/test")) == len(records.split("test"))
    (tmp_path / "config.yaml").write_text("seed: 5")
    assert load_config(str(tmp_path / "config.yaml")).seed == 5
    classifier = DefectClassifier.load(str(model))
    classifier.save(str(tmp_path / "copy"))
    assert (tmp_path / "copy" / "weights.safetensors").is_file()
    assert len(classifier.predict(records.split("test")[:1])) == 1
