import json
import shutil
from dataclasses import replace

import pytest

from triptych import DefectClassifier
from triptych.errors import TriptychError
from triptych.model.folder import load_model, model_mark, save_model
from triptych.model.given_layouts import check_layouts_place, remove_layouts
from triptych.preparation.preparer import Preparer
from triptych.reading.layout_file import load_layout_files


@pytest.fixture
def mine(fitted, given_layout, tmp_path):
    """The folder of a model with a given layout."""
    state = replace(fitted.model_.state, given=load_layout_files([given_layout]))
    save_model(replace(fitted.model_, state=state), tmp_path / "model")
    return tmp_path / "model"


def test_a_model_holds_its_given_layouts(mine, given_layout):
    assert json.loads((mine / "readings.json").read_text())["given"] == ["console"]
    assert sorted(path.name for path in (mine / "layouts").iterdir()) == ["console.png", "console.yaml"]
    assert (mine / "layouts" / "console.yaml").read_bytes() == (given_layout / "console.yaml").read_bytes()
    moved = mine.rename(mine.parent / "moved")
    loaded = load_model(moved)
    assert [layout.name for layout in loaded.state.given or ()] == ["console"]
    with Preparer(loaded.config, loaded.classes, loaded.state) as preparer:
        assert [layout.name for layout in preparer.reader.layouts if layout.given] == ["console"]
        assert preparer.state.layouts == loaded.state.layouts


def test_what_identifies_a_model_covers_its_given_layouts(mine):
    before = model_mark(mine)
    path = mine / "layouts" / "console.yaml"
    path.write_text(path.read_text() + "\n")
    assert model_mark(mine) != before


def test_a_lost_layout_of_a_model_is_named(mine):
    (mine / "layouts" / "console.png").unlink()
    with pytest.raises(TriptychError, match=r"console\.yaml: its sample picture console\.png does not lie beside it"):
        load_model(mine)


def test_layouts_for_prediction_replace_those_of_the_same_name(mine, given_layout, tmp_path):
    for name in ("console", "other"):
        text = (given_layout / "console.yaml").read_text().replace("decimals: 3", "decimals: 4")
        (tmp_path / f"{name}.yaml").write_text(text)
    shutil.copy(given_layout / "console.png", tmp_path)
    given = DefectClassifier.load(mine, layouts=[tmp_path / "console.yaml", tmp_path / "other.yaml"]).model_.state.given
    assert [(layout.name, layout.entries.decimals) for layout in given] == [("console", 4), ("other", 4)]
    given = DefectClassifier.load(mine, layouts=[tmp_path / "other.yaml"]).model_.state.given
    assert [(layout.name, layout.entries.decimals) for layout in given] == [("other", 4), ("console", 3)]


def test_another_model_in_the_folder_leaves_no_layouts_behind(mine, fitted):
    (mine / "layouts" / "notes.txt").write_text("mine")
    fitted.save(mine)
    assert [path.name for path in (mine / "layouts").iterdir()] == ["notes.txt"]
    assert load_model(mine).state.given == ()


def test_removing_layouts_leaves_no_empty_folder(mine):
    remove_layouts(mine)
    assert not (mine / "layouts").exists()


def test_layouts_of_others_are_not_replaced(given_layout, tmp_path):
    shutil.copytree(given_layout, tmp_path / "layouts")
    with pytest.raises(TriptychError, match=r"holds layouts/console\.yaml, .*which would be replaced"):
        check_layouts_place([given_layout], tmp_path)


def test_layouts_are_read_before_anything_is_trained(tmp_path):
    with pytest.raises(TriptychError, match=r"gone\.yaml: the layout cannot be read"):
        check_layouts_place([tmp_path / "gone.yaml"], tmp_path)
