import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from triptych.errors import InputError, RecordError
from triptych.records import Record


def _png(size=(40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 40).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_picture_of_any_mode_becomes_rgb(tmp_path):
    (tmp_path / "a.png").write_bytes(_png())
    picture = Record("a.png", tmp_path / "a.png").load_image()
    assert (picture.mode, picture.size) == ("RGB", (40, 30))


def test_the_digest_of_a_picture_in_memory_depends_on_its_pixels():
    one, same, other = Image.new("RGB", (20, 20)), Image.new("RGB", (20, 20)), Image.new("RGB", (20, 20), "red")
    assert Record("a", one).digest() == Record("b", same).digest() != Record("c", other).digest()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not a picture at all", "is not a picture that can be decoded"),
        (_png()[:300], "is not a picture that can be decoded"),
        (b"", "is empty"),
        (_png((1, 1)), "the picture is 1x1 px; the least is 16x16"),
    ],
    ids=["text", "truncated", "empty", "1x1"],
)
def test_a_broken_picture_is_named_with_the_reason(tmp_path, content, message):
    (tmp_path / "bad.png").write_bytes(content)
    with pytest.raises(RecordError, match=rf"bad\.png: .*{message}"):
        Record("bad.png", tmp_path / "bad.png").load_image()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"gone\.png: cannot be read \(No such file"):
        Record("gone.png", tmp_path / "gone.png").load_image()


def test_values_are_converted_when_a_record_is_made():
    record = Record(7, "a.png", {"die": np.int64(3), "ok": True, "lot": np.str_("A"), "none": None}, 3)
    assert (record.id, record.image, record.label) == ("7", Path("a.png"), "3")
    assert record.readings == {"die": 3.0, "ok": 1.0, "lot": "A"}


def test_a_record_copies_its_readings():
    given = {"a": 1.0}
    record = Record("r", "a.png", given)
    given["a"] = 2.0
    assert record.readings == {"a": 1.0}


@pytest.mark.parametrize(("image", "found"), [(None, "of type NoneType"), (3, "of type int"), ("", "empty text")])
def test_an_image_that_is_neither_path_nor_picture_is_refused(image, found):
    with pytest.raises(InputError, match=f"r: the image is {found}; give a path, a PIL picture or an array"):
        Record("r", image)


def test_a_path_with_a_null_character_is_an_error_of_its_record():
    with pytest.raises(RecordError, match="cannot be read"):
        Record("r", Path("a\0.png")).load_image()
