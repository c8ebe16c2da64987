import base64
import io

import pytest
from PIL import Image

from triptych.errors import RecordError
from triptych.report.pictures import MAX_HEIGHT, MAX_WIDTH, data_uri


def decoded(uri: str) -> Image.Image:
    head, _, body = uri.partition(",")
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(body)))


def test_a_large_picture_becomes_a_small_jpeg_of_the_same_shape(picture):
    small = decoded(data_uri("a.png", picture))

    assert small.width <= MAX_WIDTH
    assert small.height <= MAX_HEIGHT
    assert small.width / small.height == pytest.approx(picture.width / picture.height, rel=0.01)


def test_a_tall_picture_is_bounded_by_its_height():
    assert decoded(data_uri("a.png", Image.new("RGB", (100, 4000)))).height == MAX_HEIGHT


def test_a_small_picture_is_not_enlarged():
    assert decoded(data_uri("a.png", Image.new("RGB", (60, 40)))).size == (60, 40)


def test_a_picture_may_be_a_file(picture, tmp_path):
    picture.save(tmp_path / "a.png")

    assert data_uri("a.png", tmp_path / "a.png") == data_uri("a.png", picture)


def test_a_file_that_is_gone_is_an_error_that_names_it(tmp_path):
    with pytest.raises(RecordError, match=r"gone\.png: cannot be read"):
        data_uri("gone.png", tmp_path / "gone.png")
