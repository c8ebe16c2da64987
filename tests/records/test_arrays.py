import numpy as np
import pytest
from PIL import Image

from triptych.errors import InputError
from triptych.records import Record
from triptych.records.arrays import array_picture

GREY = np.arange(400, dtype=np.uint8).reshape(20, 20)


@pytest.mark.parametrize(
    ("array", "mode"),
    [
        (GREY, "L"),
        (GREY[..., None], "L"),
        (np.stack([GREY] * 3, axis=-1), "RGB"),
        (np.stack([GREY] * 4, axis=-1), "RGBA"),
        (GREY.astype(np.int64), "L"),
        (GREY / np.float32(255), "L"),
        (np.asfortranarray(GREY)[::2], "L"),
    ],
    ids=["grey", "one channel", "rgb", "rgba", "int64", "float", "not contiguous"],
)
def test_arrays_become_pictures(array, mode):
    picture = array_picture(array, "a")
    assert picture.mode == mode
    first = np.asarray(picture)[..., 0] if mode in ("RGB", "RGBA") else np.asarray(picture)
    assert (first == (GREY[::2] if len(array) == 10 else GREY)).all()


def test_truth_values_become_black_and_white():
    assert np.unique(array_picture(GREY > 100, "a")).tolist() == [0, 255]


def test_sixteen_bits_of_grey_are_kept_and_colours_are_scaled():
    deep = GREY.astype(np.uint16) * 257
    assert (np.asarray(array_picture(deep, "a")) == deep).all()
    assert (np.asarray(array_picture(np.stack([deep] * 3, axis=-1), "a"))[..., 1] == GREY).all()


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((3, 20, 20)), r"a: an array of shape \[3, 20, 20\] is not a picture; .* channels, the last axis"),
        (np.zeros(20), r"of shape \[20\] is not a picture"),
        (np.zeros((0, 20)), r"of shape \[0, 20\] is not a picture"),
        (np.full((20, 20), 255.0), r"of type float64 has values in 0..1; found 255 to 255"),
        (np.full((20, 20), np.nan), r"of type float64 has values in 0..1; found nan"),
        (np.full((20, 20), 4095), r"of type int64 has values in 0..255; found 4095 to 4095"),
        (np.full((20, 20), -1), r"of type int64 has values in 0..255; found -1"),
        (np.full((20, 20), 1j), r"of type complex128 is not a picture"),
    ],
    ids=["channels first", "row", "empty", "float 255", "nan", "int 4095", "negative", "complex"],
)
def test_an_array_that_is_not_a_picture_is_refused_with_shape_or_values(array, message):
    with pytest.raises(InputError, match=message):
        array_picture(array, "a")


def test_a_record_takes_an_array():
    record = Record("r", GREY)
    assert isinstance(record.image, Image.Image)
    assert record.load_image().size == (20, 20)
