"""Pictures on the page of `triptych explain`; `tests/explain/test_explanation.py` has the whole page."""

import base64
import io

import pytest
from PIL import Image

from triptych.explain.explanation import Neighbour
from triptych.explain.training_pictures import TrainingPictures
from triptych.records import Decoder, Record
from triptych.report.explanation_page import Thumbnails, reduced


def _neighbour(path, id: str) -> Neighbour:
    return Neighbour(id, "ok", "picture", 1.0, Record(id, path).digest())


def _picture(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


@pytest.fixture
def folder(tmp_path):
    Image.new("RGB", (600, 300), "red").save(tmp_path / "a.png")
    (tmp_path / "b.png").write_text("no picture")
    return tmp_path


def test_a_training_picture_is_shown_small(folder):
    thumbnails = Thumbnails(TrainingPictures([folder]), Decoder())
    near = _neighbour(folder / "a.png", "a.png")
    assert _picture(thumbnails.of(near)).size == (120, 60)
    (folder / "a.png").unlink()
    assert thumbnails.of(near)  # made once


def test_a_training_picture_that_is_gone_or_damaged_is_left_out(folder):
    thumbnails = Thumbnails(TrainingPictures([folder]), Decoder())
    assert thumbnails.of(_neighbour(folder / "b.png", "b.png")) == ""
    near = _neighbour(folder / "a.png", "a.png")
    (folder / "a.png").unlink()
    assert thumbnails.of(near) == ""


@pytest.mark.parametrize(
    ("size", "expected"),
    [((600, 300), (120, 60)), ((60, 40), (60, 40)), ((3000, 32), (1500, 16)), ((16, 16), (16, 16))],
)
def test_a_reduced_picture_still_is_one_that_can_be_read(size, expected):
    small = reduced(Image.new("RGB", size), 120, 120)
    assert small.size == expected
    assert Record("a", small).load_image().size == expected
