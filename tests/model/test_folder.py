"""What a model's folder holds, and where it works."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import yaml

from triptych import DefectClassifier, open_records
from triptych.answers.defect_book import load_book
from triptych.errors import TriptychError, TriptychWarning
from triptych.model.folder import FORMAT, load_model, save_model


@pytest.fixture
def mine(model, tmp_path):
    """A copy of the model that may be changed."""
    return shutil.copytree(model, tmp_path / "model")


def _change(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_model_says_its_format_and_a_newer_one_is_refused_with_the_way_out(mine):
    assert json.loads((mine / "labels.json").read_text())["format"] == FORMAT
    _change(mine / "labels.json", format=FORMAT + 1)
    (mine / "config.yaml").write_text("of_the_future: 1")
    with pytest.raises(
        TriptychError, match=rf"made by a newer Triptych .*format {FORMAT + 1}.*pip install -U triptych"
    ):
        load_model(mine)


def test_an_older_model_that_cannot_be_read_is_said_to_be_older(mine):
    labels = json.loads((mine / "labels.json").read_text())
    del labels["format"]
    (mine / "labels.json").write_text(json.dumps(labels))
    load_model(mine)  # it is as good as one of today, in this case
    (mine / "experts.json").unlink()
    with pytest.raises(TriptychError, match=r"made by an older Triptych \(format 1.*train it again"):
        load_model(mine)


def test_a_setting_that_this_version_does_not_know_is_a_message(mine):
    with (mine / "config.yaml").open("a") as file:
        file.write("\nnovelty: 3\n")
    with pytest.raises(TriptychError, match=r"novelty: there is no such key.*Another version of Triptych"):
        load_model(mine)


def _device(model):
    (_, panels), *_ = model.ensemble.members("panels")
    return panels.network.device.type


def test_no_device_is_saved_and_one_that_is_not_there_is_a_clear_error(fitted, mine, tmp_path):
    trained_elsewhere = replace(fitted.model_, config=fitted.model_.config.changed("compute.device=cuda"))
    save_model(trained_elsewhere, tmp_path / "saved")
    assert yaml.safe_load((tmp_path / "saved" / "config.yaml").read_text())["compute"]["device"] == "auto"
    config = (mine / "config.yaml").read_text()
    (mine / "config.yaml").write_text(config.replace("device: auto", "device: cuda:7"))  # as older models have it
    assert _device(load_model(mine)) == "cpu"
    for device in ("cuda:99", "meta", "abacus"):
        with pytest.raises(
            TriptychError, match=rf"compute\.device: '{device}' cannot be used .*choose auto, cpu or cuda"
        ):
            DefectClassifier.load(mine, device=device)
    assert _device(DefectClassifier.load(mine, device="cpu").model_) == "cpu"


def test_a_model_does_without_the_book_it_was_trained_with(fitted, simulated, tmp_path, monkeypatch):
    book = load_book().model_dump(mode="json")
    book["limits"]["centre"] = 0.001  # every cloud is shifted
    path = tmp_path / "book.yaml"
    path.write_text(yaml.safe_dump(book))
    config = fitted.model_.config.changed(f"answers.book={path}")
    other = load_book(path).for_classes(fitted.model_.classes)
    state = replace(fitted.model_.state, book=other)
    save_model(replace(fitted.model_, config=config, state=state), tmp_path / "model")
    records = open_records(simulated).split("test")[:3]
    before = DefectClassifier.load(tmp_path / "model").assess(records)
    assert all("shifted" in item.answers.reasoning for item in before)
    book["limits"]["centre"] = 1000.0
    path.write_text(yaml.safe_dump(book))
    edited = DefectClassifier.load(tmp_path / "model").assess(records)
    path.unlink()
    moved = DefectClassifier.load(tmp_path / "model").assess(records)
    assert [item.answers for item in before] == [item.answers for item in edited] == [item.answers for item in moved]


def test_a_model_works_from_any_place(model, fitted, simulated, tmp_path, monkeypatch):
    records = open_records(simulated).split("test")[:3]
    expected = fitted.predict_proba(records)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(model, tmp_path / "else where" / "ünder")
    shutil.copytree("else where/ünder", "sealed")
    for path in (tmp_path / "sealed", *(tmp_path / "sealed").iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for place in ("else where/ünder", "sealed"):
        np.testing.assert_array_equal(DefectClassifier.load(place).predict_proba(records), expected)
    (tmp_path / "sealed").chmod(0o755)


def test_paths_in_a_saved_configuration_hold_from_any_working_directory(fitted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "encoder").mkdir()
    (tmp_path / "m.gguf").touch()
    settings = ("encoders.text=transformers:encoder", "answers.llm=gguf:m.gguf", "answers.book=b.yaml")
    settings = (*settings, "reading.words=[w.yaml]", "reading.layouts=[l]")
    config = fitted.model_.config.changed(*settings, "encoders.image=transformers:some/hub-id")
    save_model(replace(fitted.model_, config=config), tmp_path / "model")
    saved = yaml.safe_load((tmp_path / "model" / "config.yaml").read_text())
    assert saved["encoders"]["text"] == f"transformers:{tmp_path}/encoder"
    assert saved["encoders"]["image"] == "transformers:some/hub-id"
    assert saved["answers"]["llm"] == f"gguf:{tmp_path}/m.gguf"
    assert saved["answers"]["book"] == f"{tmp_path}/b.yaml"
    assert saved["reading"]["words"] == [f"{tmp_path}/w.yaml"]
    assert saved["reading"]["layouts"] == [f"{tmp_path}/l"]


def test_a_folder_that_was_moved_away_is_named(mine, tmp_path):
    config = (mine / "config.yaml").read_text()
    (mine / "config.yaml").write_text(config.replace("text: minilm", f"text: transformers:{tmp_path}/gone"))
    with pytest.raises(TriptychError, match=rf"encoders\.text: there is no folder {tmp_path}/gone; if it was moved"):
        DefectClassifier.load(mine).assess([])


def test_another_encoder_under_the_same_name_is_an_error_and_another_provider_a_warning(mine, simulated):
    records = open_records(simulated).split("test")[:1]
    kept = json.loads((mine / "readings.json").read_text())
    _change(mine / "readings.json", components=kept["components"] | {"answers.llm": "rules-0"})
    with pytest.warns(
        TriptychWarning, match=r"answers\.llm: the model was trained with rules-0, and the current one is rules-1"
    ):
        DefectClassifier.load(mine).assess(records)
    _change(mine / "readings.json", components=kept["components"] | {"encoders.text": "another"})
    with pytest.raises(TriptychError, match=r"encoders\.text: the model was trained with another, and .* train again"):
        DefectClassifier.load(mine).assess(records)


@pytest.mark.parametrize("name", ["README.md", "config.yaml", "labels.json", "metrics.json", "weights.safetensors"])
@pytest.mark.parametrize("content", ["# My project\n", "{}", "fusion: 1\n"])
def test_saving_never_writes_over_what_triptych_did_not_write(fitted, tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(TriptychError, match=f"holds {name}, which Triptych did not write"):
        fitted.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == content


def test_saving_replaces_an_earlier_model(fitted, mine):
    fitted.save(mine)
    DefectClassifier.load(mine)
