import shutil

import pytest
import yaml

from triptych.answers.defect_book import load_book
from triptych.errors import TriptychError
from triptych.progress import silent
from triptych.records import open_records
from triptych.training.fitting import fingerprint
from triptych.training.job import train_model
from triptych.training.locks import exclusive


class Stop(Exception):
    """Stands for a killed process: nothing of the run gets to tidy up."""


def _stop_at(title, count):
    """A `Track` that ends the run in the step `title` after `count` items."""

    def track(items, name):
        for i, item in enumerate(items):
            if (name, i) == (title, count):
                raise Stop
            yield item

    return track


@pytest.fixture(scope="module")
def small(simulated, quick):
    """A few training records of four classes, and a configuration with augmentation."""
    train = open_records(simulated).split("train")
    config = quick.model_copy(update={"augment": quick.augment.model_copy(update={"tda": "gaussian", "factor": 1.5})})
    return train.where(lambda record: record.label != "normal")[:9], config


def _weights(folder) -> bytes:
    return (folder / "weights.safetensors").read_bytes()


@pytest.fixture(scope="module")
def uninterrupted(small, tmp_path_factory):
    records, config = small
    folder = tmp_path_factory.mktemp("models") / "whole"
    train_model(records, config, folder, silent)
    return folder


def test_a_run_with_records_drawn_in_numbers_ends_with_the_same_model(small, tmp_path):
    records, config = small
    config = config.changed("augment.tda=resample", "augment.factor=3")
    train_model(records, config, tmp_path / "whole", silent)
    with pytest.raises(Stop):
        train_model(records, config, tmp_path / "stopped", _stop_at("Fusion", 1))
    assert "18 drawn" in train_model(records, config, tmp_path / "stopped", silent).message
    assert _weights(tmp_path / "stopped") == _weights(tmp_path / "whole")


@pytest.mark.parametrize(
    "stops",
    [
        [("Read, ask, encode", 6)],
        [("Augment", 3), ("Warm-up", 2)],
        [("Alignment", 1), ("Alignment", 0), ("Fusion", 9)],
    ],
    ids=lambda stops: " then ".join(title for title, _ in stops),
)
def test_an_interrupted_run_ends_with_the_same_model(small, uninterrupted, tmp_path, monkeypatch, stops):
    records, config = small
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))  # nothing is known from the uninterrupted run
    for title, count in stops:
        with pytest.raises(Stop):
            train_model(records, config, tmp_path / "model", _stop_at(title, count))
    train_model(records, config, tmp_path / "model", silent)
    assert _weights(tmp_path / "model") == _weights(uninterrupted)
    for name in ("labels.json", "readings.json", "config.yaml"):
        assert (tmp_path / "model" / name).read_bytes() == (uninterrupted / name).read_bytes()
    assert not (tmp_path / "model" / ".training").exists()


def test_a_finished_phase_is_not_trained_again(small, tmp_path):
    records, config = small
    with pytest.raises(Stop):
        train_model(records, config, tmp_path / "model", _stop_at("Fusion", 0))
    train_model(records, config, tmp_path / "model", _stop_at("Warm-up", 0))  # would stop if warm-up ran


def test_an_unfinished_run_of_other_settings_is_refused(small, tmp_path):
    records, config = small
    with pytest.raises(Stop):
        train_model(records, config, tmp_path / "model", _stop_at("Alignment", 1))
    other = config.model_copy(update={"seed": 99})
    with pytest.raises(TriptychError, match="unfinished training of other records or settings"):
        train_model(records, other, tmp_path / "model", silent)
    with pytest.raises(Stop):
        train_model(records, other, tmp_path / "model", _stop_at("Warm-up", 1), overwrite=True)


def test_overwriting_leaves_what_is_not_the_models(small, tmp_path):
    records, config = small
    (tmp_path / "notes.txt").write_text("keep me")
    train_model(records, config, tmp_path, silent)
    with pytest.raises(Stop):
        train_model(records, config, tmp_path, _stop_at("Warm-up", 0), overwrite=True)
    assert (tmp_path / "notes.txt").read_text() == "keep me"
    assert not (tmp_path / "weights.safetensors").exists()


def test_a_folder_with_files_that_are_not_a_models_is_refused_even_with_overwrite(small, tmp_path):
    records, config = small
    (tmp_path / "README.md").write_text("# My project\n")
    for overwrite in (False, True):
        with pytest.raises(TriptychError, match=r"holds README\.md, which Triptych did not write"):
            train_model(records, config, tmp_path, silent, overwrite=overwrite)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_two_trainings_into_one_folder_are_refused(small, tmp_path):
    records, config = small
    with exclusive(tmp_path / "model"), pytest.raises(TriptychError, match="another training is running into this fol"):
        train_model(records, config, tmp_path / "model", silent)


def test_the_fingerprint_of_a_run_covers_the_contents_of_its_book_and_not_its_path(small, tmp_path):
    records, config = small
    book = load_book().model_dump(mode="json")
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(book))
    one, two = (config.changed(f"answers.book={tmp_path / name}.yaml") for name in ("one", "two"))
    before = fingerprint(one, records)
    assert before == fingerprint(two, records) == fingerprint(config, records)
    book["classes"][0]["signs"] = ["wide"]  # which no prompt tells
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(book))
    assert fingerprint(one, records) != before


def test_the_fingerprint_of_a_run_covers_the_contents_of_its_words_and_not_their_path(small, tmp_path):
    records, config = small
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("mean: [gemiddelde]")
    one, two = (config.changed(f"reading.words=[{tmp_path / name}.yaml]") for name in ("one", "two"))
    before = fingerprint(one, records)
    assert before == fingerprint(two, records)
    assert before != fingerprint(config, records)
    (tmp_path / "one.yaml").write_text("mean: [gemiddelde, gem]")
    assert fingerprint(one, records) != before


def test_the_fingerprint_of_a_run_covers_the_contents_of_its_layouts_and_not_their_path(small, given_layout, tmp_path):
    records, config = small
    for name in ("one", "two"):
        shutil.copytree(given_layout, tmp_path / name)
    one, two = (config.changed(f"reading.layouts=[{tmp_path / name}]") for name in ("one", "two"))
    before = fingerprint(one, records)
    assert before == fingerprint(two, records)
    assert before != fingerprint(config, records)
    (path,) = (tmp_path / "one").glob("*.yaml")
    path.write_text(path.read_text().replace("decimals: 3", "decimals: 4"))
    assert fingerprint(one, records) != before


def test_the_fingerprint_of_a_run_covers_what_its_components_are(small, monkeypatch):
    records, config = small
    before = fingerprint(config, records)
    assert fingerprint(config.changed("answers.llm_price=[1, 2]"), records) == before
    monkeypatch.setattr("triptych.answers.rules.Rules.id", "rules-2")
    assert fingerprint(config, records) != before


def test_phases_trained_without_answers_are_trained_anew_once_these_come(small, tmp_path, monkeypatch):
    records, config = small
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))
    with monkeypatch.context() as down:
        down.setattr("triptych.answers.rules.Rules.answer", lambda *_: ())
        with pytest.raises(Stop):
            train_model(records, config, tmp_path / "model", _stop_at("Fusion", 1))
    with pytest.raises(Stop):
        train_model(records, config, tmp_path / "model", _stop_at("Warm-up", 0))
