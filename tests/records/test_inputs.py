import pathlib

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from triptych.errors import InputError, TriptychError
from triptych.records import Record, RecordSet, as_record_set

PICTURE = Image.new("RGB", (20, 20))
ARRAY = np.zeros((20, 20), np.uint8)
RECORD = Record("r", PICTURE)


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        (RecordSet((RECORD,)), ["r"]),
        ([RECORD], ["r"]),
        (iter([RECORD]), ["r"]),
        (np.array([RECORD], dtype=object), ["r"]),
        (["a.png", pathlib.Path("b/c.png")], ["a.png", "b/c.png"]),
        (np.array(["a.png"]), ["a.png"]),
        (pd.Series(["a.png"]), ["a.png"]),
        ([PICTURE, PICTURE], ["X[0]", "X[1]"]),
        (np.stack([ARRAY] * 2), ["X[0]", "X[1]"]),
        (np.zeros((2, 20, 20, 3)), ["X[0]", "X[1]"]),
        ([ARRAY, np.zeros((30, 20, 3))], ["X[0]", "X[1]"]),
        ([RECORD, "a.png", PICTURE, ARRAY], ["r", "a.png", "X[2]", "X[3]"]),
        ([], []),
    ],
    ids=lambda value: "" if isinstance(value, list) else type(value).__name__,
)
def test_a_record_is_made_of_every_item(given, ids):
    records = as_record_set(given)
    assert isinstance(records, RecordSet)
    assert [record.id for record in records] == ids


def test_a_table_gives_readings_labels_and_pictures_in_memory_or_by_path():
    table = pd.DataFrame(
        {"image": [PICTURE, ARRAY, "a.png"], "width": [1, 2, 3], "step": ["x", "y", "z"], "label": ["ok", "bad", "ok"]},
        index=[7, 7, 9],
    )
    records = as_record_set(table)
    assert [r.label for r in records] == ["ok", "bad", "ok"]
    assert [dict(r.readings) for r in records] == [
        {"width": 1.0, "step": "x"},
        {"width": 2.0, "step": "y"},
        {"width": 3.0, "step": "z"},
    ]
    assert records[0].image is PICTURE
    assert [record.load_image().size for record in records[:2]] == [(20, 20), (20, 20)]
    assert records[2].image == pathlib.Path("a.png")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("data", r"X is the path 'data'; open it with open_records"),
        (pathlib.Path("data"), r"open it with open_records"),
        (RECORD, r"X is of type Record; give records"),
        (PICTURE, r"X is of type Image; give records"),
        (3, r"X is of type int"),
        (None, r"X is of type NoneType"),
        ({"a": 1}, r"X is of type dict"),
        (np.zeros((20, 4)), r"X is an array of shape \[20, 4\], which holds no pictures"),
        (np.zeros((30, 20, 3)), r"X is one picture, of shape \[30, 20, 3\]; give a sequence of pictures"),
        ([[1.0, 2.0]], r"X\[0\] is of type list"),
        ([RECORD, 3], r"X\[1\] is of type int"),
        ([RECORD, None], r"X\[1\] is of type NoneType"),
        (np.zeros((2, 20, 20, 2)), r"X\[0\]: an array of shape \[20, 20, 2\] is not a picture"),
        ([ARRAY, np.full((20, 20), 7.0)], r"X\[1\]: an array of type float64 has values in 0..1"),
    ],
)
def test_other_types_are_refused_with_the_allowed_ones(given, message):
    with pytest.raises(InputError, match=message):
        as_record_set(given)


def test_a_table_without_pictures_is_refused():
    with pytest.raises(TriptychError, match="there is no column 'image'"):
        as_record_set(pd.DataFrame({"a": [1.0]}))
