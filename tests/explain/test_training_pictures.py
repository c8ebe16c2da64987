"""The pictures of training records, found by name and digest."""

import pytest
from PIL import Image

from triptych import open_records
from triptych.explain.training_pictures import TrainingPictures
from triptych.records import Record


@pytest.fixture
def data(tmp_path):
    """A data folder with a training picture, a test picture and one of the same name elsewhere."""
    for name, colour in (("train/ok/a.png", "red"), ("test/ok/b.png", "blue"), ("train/bad/a.png", "green")):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), colour).save(path)
    return tmp_path / "data"


@pytest.fixture
def digest(data):
    return Record("a", data / "train/ok/a.png").digest()


def test_a_picture_is_found_around_the_explained_records(data, digest):
    near = TrainingPictures.near([Record("b", data / "test/ok/b.png")])
    assert near.find("train/ok/a.png", digest) == data / "train/ok/a.png"


def test_a_picture_is_found_in_the_current_folder(data, digest, monkeypatch):
    monkeypatch.chdir(data)
    assert TrainingPictures.near([]).find("train/ok/a.png", digest) == data / "train/ok/a.png"


def test_a_picture_is_found_in_a_given_data_set(data, digest):
    elsewhere = [Record("m", Image.new("RGB", (20, 20)))]
    assert TrainingPictures.near(elsewhere).find("train/ok/a.png", digest) is None
    given = TrainingPictures.near(elsewhere, open_records(data))
    assert given.find("train/ok/a.png", digest) == data / "train/ok/a.png"
    assert given.find("train/ok/a.png#3", digest) == data / "train/ok/a.png"


def test_a_picture_that_was_replaced_is_not_shown(data, digest):
    near = TrainingPictures.near([Record("b", data / "test/ok/b.png")])
    assert near.find("train/bad/a.png", digest) is None
    Image.new("RGB", (20, 20), "white").save(data / "train/ok/a.png")
    assert near.find("train/ok/a.png", digest) is None
    (data / "train/ok/a.png").unlink()
    assert near.find("train/ok/a.png", digest) is None


def test_names_that_no_file_can_have_are_not_found(digest):
    assert TrainingPictures.near([]).find("a\0b" + 300 * "x", digest) is None
