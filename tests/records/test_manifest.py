from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from triptych.errors import RecordError, TriptychError
from triptych.records import frame_records, labelled_records, open_records, split_records
from triptych.records.sources import input_records


def _pictures(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20)).save(folder / name, "PNG")


def _manifest(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "manifest.csv").write_bytes(text.encode(encoding))
    return folder


@pytest.fixture
def data(tmp_path):
    _pictures(tmp_path, "1.png", "2.png", "3.png", "4.png")
    return tmp_path


@pytest.mark.parametrize("word", ["None", "NA", "N/A", "null", "NaN", "nan", "-", "<NA>"])
def test_a_label_is_missing_only_where_the_cell_is_empty(data, word):
    records = open_records(_manifest(data, f"image,label,step\n1.png,{word},{word}\n2.png,ok,b\n3.png,,c\n"))
    assert [r.label for r in records] == [word, "ok", None]
    assert records[0].readings == {"step": word}


@pytest.mark.parametrize(
    "labels",
    [
        ["007", "010", "1"],
        ["0", "1", ""],
        ["1e3", "1.50", "0x1"],
        ["True", "false", "TRUE"],
        ["2024-01-02", "1/2", "a"],
    ],
)
def test_labels_are_unchanged_text(data, labels):
    rows = "".join(f"{n}.png,{label}\n" for n, label in enumerate(labels, 1))
    assert [r.label or "" for r in open_records(_manifest(data, f"image,label\n{rows}"))] == labels


def test_image_names_are_unchanged_text(tmp_path):
    _pictures(tmp_path, "0001.png", "0002.png")
    records = open_records(_manifest(tmp_path, "image,label\n0001,a\n0002,b\n"))
    assert [(r.id, r.image.name) for r in records] == [("0001", "0001.png"), ("0002", "0002.png")]
    assert "2 picture(s) are found under another suffix or case of letters (0001 is 0001.png)" in records.warnings[0]


def test_whole_numbers_of_a_typed_table_are_labels_without_a_decimal_point(data):
    images = ["1.png", "2.png", "3.png"]
    for labels in ([7, 8, None], pd.Categorical([7, 8, None]), pd.array([7, 8, None], "Int64"), [7.0, 8.0, np.nan]):
        table = pd.DataFrame({"image": images, "label": labels, "split": "train", "group": [1, 2, None]})
        for records in (_through_parquet(data, table), frame_records(table, data)):
            assert [r.label for r in records] == ["7", "8", None]
            assert [r.group for r in records] == ["1", "2", None]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [([True, False], ["True", "False"]), (["007", "NA"], ["007", "NA"]), ([0.5, 1.0], ["0.5", "1.0"])],
)
def test_other_labels_of_a_typed_table_are_their_text(data, labels, expected):
    table = pd.DataFrame({"image": ["1.png", "2.png"], "label": labels})
    assert [r.label for r in _through_parquet(data, table)] == expected
    assert [r.label for r in frame_records(table.astype(object), data)] == expected


def _through_parquet(folder, table):
    table.to_parquet(folder / "manifest.parquet")
    return open_records(folder)


@pytest.mark.parametrize(
    "header", ["image, label", " image ,label", "Image,LABEL", "\ufeffimage,label", '"image","label"']
)
def test_headers_may_have_blanks_and_any_case(data, header):
    assert [(r.id, r.label) for r in open_records(_manifest(data, f"{header}\n1.png, ok\n"))] == [("1.png", "ok")]


def test_a_header_in_another_case_gives_a_warning(data):
    records = open_records(_manifest(data, "Image,Label\n1.png,ok\n"))
    assert any("column 'Image' is used as 'image'" in warning for warning in records.warnings)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_divide_cells_and_commas_are_decimal(data, delimiter):
    rows = [
        "image;label;width;count;text",
        "1.png;ok;1,5;1.234;a, b",
        "2.png;bad;-0,25;2.000;c",
        "3.png;ok;1.000,5;3;d",
    ]
    records = open_records(_manifest(data, "\n".join(rows).replace(";", delimiter)))
    assert [r.readings["width"] for r in records] == [1.5, -0.25, 1000.5]
    assert records[0].readings["text"] == "a, b"
    assert any("column 'width': decimal commas are read as decimal points" in w for w in records.warnings)


def test_quoted_decimal_commas_are_read_where_they_cannot_mean_thousands(data):
    records = open_records(_manifest(data, 'image,a,b\n1.png,"1,5","1,500"\n2.png,"2,25","2,000"\n'))
    assert [r.readings["a"] for r in records] == [1.5, 2.25]
    assert [r.readings["b"] for r in records] == ["1,500", "2,000"]


def test_a_line_that_names_the_delimiter_as_excel_writes_it_is_obeyed(data):
    assert open_records(_manifest(data, "sep=;\r\nimage;label\r\n1.png;ok\r\n"))[0].label == "ok"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read(data, encoding):
    records = open_records(_manifest(data, "image,label\n1.png,Löcher\n2.png,Größe\n", encoding))
    assert [r.label for r in records] == ["Löcher", "Größe"]
    assert records.warnings == () or "line 2 reads '1.png,Löcher'" in records.warnings[0]
    assert bool(records.warnings) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"image,label\n1.png,\x81\xff\n", "line 2 is neither UTF-8 nor Windows-1252"),
        ("image,label\n1.png,ok\n".encode("utf-16-le"), "holds NUL characters"),
        (b"image,image,label\n1.png,2.png,ok\n", "columns 1 and 2 are both called 'image'"),
        (b"image,label, label\n1.png,2,ok\n", "columns 2 and 3 are both called 'label'"),
        (b"image,width,width\n1.png,2,ok\n", "columns 2 and 3 are both called 'width'"),
        (b"image,label,Label\n1.png,2,ok\n", "the columns 'label' and 'Label' both may be 'label'"),
        (b"image,label\n1.png,ok,3\n2.png\n", "header has 2 cells, but line 2 has 3, line 3 has 1"),
        (b'image,label\n1.png,ok\n2.png,"bad\n3.png,ok\n', "line 3: a quotation mark is not closed"),
        (b"filename,label\n1.png,ok\n", "no column 'image'; found filename, label. Rename the column 'filename' to"),
        (b"a,b\n1.png,ok\n", "Rename the column of picture paths to 'image'"),
    ],
)
def test_ambiguous_input_is_an_error_with_file_and_line(data, content, message):
    (data / "manifest.csv").write_bytes(content)
    with pytest.raises(TriptychError) as caught:
        open_records(data)
    assert f"{data / 'manifest.csv'}: " in str(caught.value)
    assert message in str(caught.value)


def test_two_columns_of_one_name_in_memory_are_an_error(data):
    table = pd.DataFrame([["1.png", 1, 2]], columns=["image", "n", "n"])
    with pytest.raises(TriptychError, match="columns 2 and 3 are both called 'n'"):
        frame_records(table, data)


def test_rows_are_named_by_line_also_after_a_newline_in_quotes(data):
    records = input_records([_manifest(data, 'image,label,note\n1.png,ok,"two\nlines"\n,bad,x\n')])
    assert records[0].readings == {"note": "two\nlines"}
    assert records[1].id == "row 2 (line 4)"


def test_blank_rows_are_skipped_and_counted(data):
    records = open_records(_manifest(data, "image,label,n\n1.png,ok,1\n,,\n\n2.png,bad,2\n,,\n\n"))
    assert [r.id for r in records] == ["1.png", "2.png"]
    assert "2 blank row(s) are skipped, the first on line 3" in records.warnings[0]


def test_columns_without_a_name_are_left_out_with_a_warning(data):
    records = open_records(_manifest(data, ",image,label,\n0,1.png,ok,\n1,2.png,bad,\n"))
    assert records[0].readings == {}
    assert records.warnings == (f"{data}/manifest.csv: column 1 has no name and is left out; give it one to use it",)


@pytest.mark.parametrize("word", ["NaN", "n/a", "-", "inf", "1e999"])
def test_among_numbers_other_cells_are_missing_with_a_warning(data, word):
    records = open_records(_manifest(data, f"image,n\n1.png,1.5\n2.png,{word}\n3.png,-2e-3\n4.png,\n"))
    assert [r.readings.get("n") for r in records] == [1.5, None, -0.002, None]
    assert f"column 'n': among numbers, '{word}' count(s) as missing" in records.warnings[0]


def test_numbers_among_text_are_text_with_a_warning(data):
    records = open_records(_manifest(data, "image,n,lot\n1.png,1.5,A1\n2.png,>9,7\n3.png,2,B2\n"))
    assert [r.readings["n"] for r in records] == ["1.5", ">9", "2"]
    assert [r.readings["lot"] for r in records] == ["A1", "7", "B2"]
    assert len(records.warnings) == 1
    assert "column 'n': holds 2 numbers, but also '>9'; it is read as text" in records.warnings[0]


def test_cells_of_a_typed_table_that_mix_numbers_and_text_are_text(data):
    table = pd.DataFrame({"image": ["1.png", "2.png"], "n": [1, "a"], "when": pd.to_datetime(["2024-01-02", None])})
    records = frame_records(table, data)
    assert [dict(r.readings) for r in records] == [{"n": "1", "when": "2024-01-02 00:00:00"}, {"n": "a"}]
    assert "column 'n': holds numbers and text such as 'a'" in records.warnings[0]


def test_an_empty_image_cell_is_an_error_of_its_row_by_number(data):
    records = open_records(_manifest(data, "image,label\n1.png,ok\n,bad\n2.png,bad\n"))
    assert [r.id for r in records] == ["1.png", "row 2 (line 3)", "2.png"]
    with pytest.raises(RecordError, match=r"manifest\.csv: row 2 \(line 3\): the cell of column 'image' is empty"):
        records[1].load_image()
    assert records[2].load_image().size == (20, 20)


def test_backslashes_in_paths_are_understood(tmp_path):
    _pictures(tmp_path, "img/a b/1.png")
    assert open_records(_manifest(tmp_path, "image,label\nimg\\a b\\1.png,ok\n"))[0].load_image()


def test_absolute_paths_are_taken_as_they_are(tmp_path):
    _pictures(tmp_path, "elsewhere/1.png")
    (tmp_path / "data").mkdir()
    data = _manifest(tmp_path / "data", f"image,label\n{tmp_path}/elsewhere/1.png,ok\n")
    assert open_records(data)[0].load_image()


def test_a_name_that_fits_several_pictures_is_an_error_of_its_row(tmp_path):
    _pictures(tmp_path, "0001.png", "0001.jpg", "2.png")
    record = open_records(_manifest(tmp_path, "image,label\n0001,ok\n2,ok\n"))[0]
    with pytest.raises(RecordError, match=rf"{tmp_path}/0001: no such file, but 0001.jpg and 0001.png are there"):
        record.load_image()


def test_a_manifest_without_a_single_picture_shows_where_they_were_looked_for(tmp_path):
    with pytest.raises(TriptychError, match=rf"none of its 2 pictures exists; looked for {tmp_path}/img/1.png, "):
        labelled_records(_manifest(tmp_path, "image,label\nimg\\1.png,ok\nimg\\2.png,bad\n"))
    assert len(input_records([tmp_path])) == 2  # predict writes a row for each


def test_the_error_for_a_missing_label_column_lists_the_columns(data):
    _manifest(data, "image,Class,n\n1.png,ok,1\n")
    with pytest.raises(TriptychError, match=r"no column 'label'; found image, Class, n. Rename the column 'Class' to"):
        labelled_records(data)
    _manifest(data, "image,label\n1.png,\n")
    with pytest.raises(TriptychError, match="every cell of column 'label' is empty"):
        labelled_records(data)


def test_rows_without_label_or_split_are_not_used_and_listed(data):
    _manifest(data, "image,label,split\n1.png,ok,train\n2.png,,train\n3.png,ok,\n4.png,bad,TRAIN\n")
    records = split_records(data, seed=0)
    assert [r.id for r in records] == ["1.png", "4.png"]
    assert [(f.id, f.message) for f in records.unused] == [
        ("2.png", "it has no label"),
        ("3.png", "it names no split, and others do"),
    ]


def test_other_names_of_splits_are_accepted_with_a_warning(data):
    records = open_records(
        _manifest(data, "image,label,split\n1.png,ok,Training\n2.png,ok,validation\n3.png,ok,TEST\n")
    )
    assert [r.split for r in records] == ["train", "val", "test"]
    assert f"{data}/manifest.csv: the split 'Training' counts as 'train'" in records.warnings


def test_an_unknown_split_is_an_error_where_splits_count(data):
    _manifest(data, "image,label,split\n1.png,ok,train\n2.png,ok,eval\n")
    with pytest.raises(TriptychError, match=r"2\.png: is in the split 'eval'.*allowed are train, val, test"):
        split_records(data, seed=0)
    assert len(input_records([data])) == 2


def test_a_group_is_not_a_reading(data):
    _manifest(data, "image,label,group,lot\n1.png,ok,7,a\n2.png,ok,8,\n")
    assert [(r.group, dict(r.readings)) for r in open_records(data)] == [("7", {"lot": "a"}), ("8", {})]
    by_lot = open_records(data, group="lot")
    assert [(r.group, dict(r.readings)) for r in by_lot] == [("a", {}), (None, {})]
    assert any("column 'group' is not used, because 'lot' gives the groups" in w for w in by_lot.warnings)
    with pytest.raises(TriptychError, match="there is no column 'wafer' to group by; found image, label, group, lot"):
        open_records(data, group="wafer")
    assert [r.group for r in input_records([data], group="wafer")] == ["7", "8"]


def test_of_two_manifests_the_csv_is_used_with_a_warning(data):
    pd.DataFrame({"image": ["2.png"], "label": ["bad"]}).to_parquet(data / "manifest.parquet")
    (data / "Manifest.CSV").write_text("image,label\n1.png,ok\n")
    records = open_records(data)
    assert [r.id for r in records] == ["1.png"]
    assert "manifest.parquet beside it is not" in records.warnings[-1]
