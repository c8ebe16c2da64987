import pytest

from triptych.errors import TriptychError
from triptych.outputs import check_free, holding, json_with, starting_with, table_of
from triptych.tables import write_table

OURS = table_of(("image", "label", "confidence"))


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.json", "t.jsonl"])
def test_an_earlier_table_of_the_same_columns_may_be_replaced_and_any_other_not(tmp_path, name):
    path = tmp_path / name
    write_table([{"image": "a", "label": "b", "confidence": 1.0, "p_b": 1.0}], ["image", "label", "confidence"], path)
    check_free(path, OURS)
    write_table([{"image": "a", "label": "b"}], ["image", "label"], path)
    with pytest.raises(TriptychError, match=r"exists and is not an earlier output .* --overwrite"):
        check_free(path, OURS)
    check_free(path, OURS, overwrite=True)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"notes, of mine\n", b"{", b"[]", b"null", b"[3]"])
@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.json", "t.jsonl"])
def test_a_file_that_cannot_be_parsed_is_not_replaced(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TriptychError, match="is not an earlier output"):
        check_free(tmp_path / name, OURS)


def test_an_input_is_never_replaced_not_even_under_another_name(tmp_path):
    (tmp_path / "list.csv").write_text("image\na.png\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "list.csv")
    for name in ("list.csv", "link.csv"):
        with pytest.raises(TriptychError, match="is an input of this command"):
            check_free(tmp_path / name, OURS, inputs=[tmp_path / "list.csv"], overwrite=True)


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.parquet", "truth.csv", "metrics.json", "labels.json"])
def test_files_of_a_data_set_and_of_a_model_are_never_replaced(tmp_path, name):
    (tmp_path / "weights.safetensors").touch()
    (tmp_path / name).write_text("image,label,confidence\n")
    with pytest.raises(TriptychError, match="is not written over"):
        check_free(tmp_path / name, OURS, overwrite=True)


def test_nothing_and_an_empty_file_are_free(tmp_path):
    check_free(tmp_path / "new.csv", OURS)
    (tmp_path / "empty.csv").touch()
    check_free(tmp_path / "empty.csv", OURS)


def test_json_and_text_are_recognised_by_what_they_hold(tmp_path):
    path = tmp_path / "file"
    path.write_text('{"n": 1, "macro_f1": 2}')
    check_free(path, json_with("n", "macro_f1"))
    check_free(path, starting_with(b"{"))
    check_free(path, holding(b"macro"))
    for ours in (json_with("f1"), starting_with(b"["), holding(b"micro")):
        with pytest.raises(TriptychError, match="exists"):
            check_free(path, ours)
