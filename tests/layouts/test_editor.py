import shutil

import pytest

from triptych.errors import TriptychError
from triptych.layouts.editor import LayoutEditor
from triptych.reading.layout_file import load_layout_file

LOT = {"name": "Lot", "name_box": [36, 108, 80, 132], "value_box": [245, 108, 305, 132]}


def test_the_page_starts_with_the_file_and_what_can_be_chosen(editor):
    contents = editor.contents()
    assert [field["name"] for field in contents["entries"]["fields"]] == ["Total", "Mean X"]
    assert contents["entries"]["ignore"] == []
    assert contents["size"] == (400, 200)
    assert {"total", "mean_x", "variance_y"} <= set(contents["meanings"])


def test_saving_writes_the_file_and_keeps_the_previous_one(editor, path):
    before = path.read_bytes()
    values = editor.contents()["entries"]
    values["fields"].append(LOT)
    assert editor.save(values) == "Saved. The previous file is sheet.yaml.bak."
    assert (path.parent / "sheet.yaml.bak").read_bytes() == before
    assert [field.name for field in load_layout_file(path).entries.fields] == ["Total", "Mean X", "Lot"]
    values["ignore"].append("Spindle")
    editor.save(values)
    assert load_layout_file(path).entries.ignore == ("Spindle",)


def test_a_layout_that_is_not_valid_is_not_saved(editor, path):
    before = path.read_bytes()
    for values, message in (
        ({"picture": "sheet.png", "fields": [{**LOT, "meaning": "speed"}]}, "'speed' is not a meaning"),
        ({"picture": "sheet.png", "fields": [LOT, LOT]}, "two fields are 'Lot'"),
        ({"picture": "sheet.png", "fields": [{**LOT, "name_box": [150, 0, 170, 20]}]}, "nothing is printed"),
        ([], "a layout is a mapping"),
    ):
        with pytest.raises(TriptychError, match=message):
            editor.save(values)
    assert path.read_bytes() == before
    assert not (path.parent / "sheet.yaml.bak").exists()


def test_the_picture_of_a_layout_cannot_be_changed(editor, path):
    editor.save({**editor.contents()["entries"], "picture": "other.png"})
    assert load_layout_file(path).entries.picture == "sheet.png"


def test_changes_of_others_are_not_overwritten(editor, path):
    path.write_text(path.read_text() + "decimals: 2\n")
    with pytest.raises(TriptychError, match="was changed by another program meanwhile"):
        editor.save(editor.contents()["entries"])


def test_the_sample_is_read_with_the_layout_of_the_page(editor, path):
    values = editor.contents()["entries"]
    values["fields"].append(LOT)
    answer = editor.read(values)
    assert (answer["ok"], answer["message"], answer["problems"]) == (True, "3 of 3 fields read.", [])
    assert [field["value"] for field in answer["fields"]] == [500, -0.12, "77AB"]
    assert len(load_layout_file(path).entries.fields) == 2


def test_what_cannot_be_read_is_stated_at_its_field(editor):
    values = editor.contents()["entries"]
    values["fields"][0]["value_box"] = [120, 140, 200, 160]
    answer = editor.read(values)
    assert (answer["ok"], answer["message"]) == (False, "1 of 2 fields read, with problems.")
    assert answer["fields"][0]["notes"] == ["total: nothing is printed at its place"]
    assert answer["fields"][0]["certainty"] == "doubtful"


def test_the_layouts_of_a_model_are_not_edited(path, engine, tmp_path):
    (tmp_path / "model" / "layouts").mkdir(parents=True)
    (tmp_path / "model" / "weights.safetensors").touch()
    for suffix in (".yaml", ".png"):
        shutil.copy(path.with_suffix(suffix), tmp_path / "model" / "layouts")
    with pytest.raises(TriptychError, match="belongs to a model and is not changed"):
        LayoutEditor(tmp_path / "model" / "layouts" / "sheet.yaml", engine)
