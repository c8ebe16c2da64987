import json

import pandas as pd
import pytest

from triptych.errors import TriptychError
from triptych.outputs import table_of
from triptych.tables import check_output, write_table

OURS = table_of(("image",))

ROWS = [{"image": "a.png", "total": 5.0, "lot": "A1"}, {"image": "b.png", "lot": 7.0}]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.json", "t.jsonl"])
def test_every_format_holds_the_same_rows_and_columns(tmp_path, name):
    path = tmp_path / name
    write_table(ROWS, ["image", "total", "lot"], path)
    table = {
        ".csv": pd.read_csv,
        ".parquet": pd.read_parquet,
        ".json": pd.read_json,
        ".jsonl": lambda p: pd.read_json(p, lines=True),
    }[path.suffix](path)
    assert list(table.columns) == ["image", "total", "lot"]
    assert table["image"].tolist() == ["a.png", "b.png"]
    assert table["total"][0] == 5
    assert pd.isna(table["total"][1])


def test_json_knows_no_nan(tmp_path):
    write_table([{"x": float("nan")}], ["x"], tmp_path / "t.json")
    assert json.loads((tmp_path / "t.json").read_text()) == [{"x": None}]


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(TriptychError, match=r"t\.xlsx: the output's name must end in \.csv"):
        check_output(tmp_path / "t.xlsx", OURS)


def test_an_output_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TriptychError, match=r"cannot be written .*choose another place"):
        check_output(tmp_path / "file" / "t.csv", OURS)


def test_checking_leaves_no_file_behind_and_folders_are_made(tmp_path):
    check_output(tmp_path / "new" / "t.csv", OURS)
    assert list((tmp_path / "new").iterdir()) == []
