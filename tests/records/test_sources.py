from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from triptych.errors import TriptychError
from triptych.records import image_records, open_records
from triptych.records.sources import input_records


def _save(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (20, 20)).save(path)


def test_a_folder_gives_splits_and_labels(tmp_path):
    for name in ("train/ok/2.png", "train/bad/1.jpg", "test/ok/deep/3.png", "train/ok/notes.txt"):
        if name.endswith("txt"):
            (tmp_path / name).write_text("not a picture")
        else:
            _save(tmp_path / name)
    records = open_records(tmp_path)
    assert [(r.id, r.label, r.split) for r in records] == [
        ("train/bad/1.jpg", "bad", "train"),
        ("train/ok/2.png", "ok", "train"),
        ("test/ok/deep/3.png", "ok", "test"),
    ]
    assert records.classes == ["bad", "ok"]


def test_class_folders_without_splits_are_taken_too(tmp_path):
    _save(tmp_path / "ok/1.png")
    _save(tmp_path / "bad/1.png")
    assert [(r.label, r.split) for r in open_records(tmp_path)] == [("bad", None), ("ok", None)]


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.parquet"])
def test_a_manifest_row_is_a_record_and_one_image_may_serve_several(tmp_path, name):
    table = pd.DataFrame(
        {
            "image": ["a.png", "a.png", "b.png"],
            "label": ["ok", "bad", None],
            "split": ["train", "test", "test"],
            "yield": [1.5, None, 2.0],
            "die": [3, 4, 5],
            "step": ["etch", "clean", None],
        }
    )
    table.to_csv(tmp_path / name, index=False) if name.endswith("csv") else table.to_parquet(tmp_path / name)
    records = open_records(tmp_path)
    assert [r.id for r in records] == ["a.png#0", "a.png#1", "b.png"]
    assert [r.label for r in records] == ["ok", "bad", None]
    assert [dict(r.readings) for r in records] == [
        {"yield": 1.5, "die": 3.0, "step": "etch"},
        {"die": 4.0, "step": "clean"},
        {"yield": 2.0, "die": 5.0},
    ]
    assert records[0].image == tmp_path / "a.png"
    assert records.warnings == ()


def test_a_column_of_neither_numbers_nor_text_is_left_out_with_a_warning(tmp_path):
    table = pd.DataFrame({"image": ["a.png"], "label": ["ok"], "trace": [[1, 2]], "n": [1]})
    table.to_parquet(tmp_path / "manifest.parquet")
    records = open_records(tmp_path)
    assert dict(records[0].readings) == {"n": 1.0}
    assert "column 'trace' holds neither numbers nor text and is left out" in records.warnings[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("file,label\na.png,ok\n", r"there is no column 'image'; found file, label"),
        ("image,label\n", r"the table has no rows"),
        ("", r"not a table that can be read"),
        ('image,label\n"a.png,ok\n', r"not a table that can be read"),
    ],
)
def test_a_broken_manifest_is_named_with_the_reason(tmp_path, content, message):
    (tmp_path / "manifest.csv").write_text(content)
    with pytest.raises(TriptychError, match=rf"manifest\.csv: .*{message}|manifest\.csv: {message}"):
        open_records(tmp_path)


def test_the_error_for_an_empty_folder_explains_the_layout(tmp_path):
    with pytest.raises(TriptychError, match=r"no labelled pictures found; put them in .*/train/<class>/"):
        open_records(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(TriptychError, match=r"nowhere: there is no such folder or manifest"):
        open_records(tmp_path / "nowhere")


def test_pictures_come_in_the_order_named_and_missing_ones_stay_in_it(tmp_path):
    _save(tmp_path / "f/b.png")
    _save(tmp_path / "f/a.png")
    records = image_records([tmp_path / "gone.png", tmp_path / "f"])
    assert [Path(r.id).name for r in records] == ["gone.png", "a.png", "b.png"]


def test_the_error_for_a_folder_without_pictures_lists_the_suffixes(tmp_path):
    with pytest.raises(TriptychError, match=r"no pictures found; give picture files or folders .*\.png"):
        image_records([tmp_path])


def test_a_manifest_must_be_the_only_input(tmp_path):
    (tmp_path / "m.csv").write_text("image\na.png\n")
    assert [r.id for r in input_records([tmp_path / "m.csv"])] == ["a.png"]
    with pytest.raises(TriptychError, match="must be the only input"):
        input_records([tmp_path / "m.csv", tmp_path])
