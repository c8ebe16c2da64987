import os

import pytest
from PIL import Image

from triptych.errors import TriptychError
from triptych.records import image_records, open_records


def _pictures(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            (folder / name).mkdir(exist_ok=True)
        else:
            Image.new("RGB", (20, 20)).save(folder / name, "PNG")


CLASSES = ("train/ok/1.png", "train/bad/1.png")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (".ipynb_checkpoints/1.png", "the folder is hidden"),
        ("__pycache__/1.png", "programs make such folders"),
        ("MASK/1.png", "folders of that name hold masks"),
        ("ground_truth/bad/1.png", "folders of that name hold masks"),
        ("bad/Masks/1.png", "folders of that name hold masks"),
    ],
)
@pytest.mark.parametrize("root", ["", "train/"])
def test_folders_without_records_are_named_and_are_not_classes(tmp_path, root, name, reason):
    _pictures(tmp_path, f"{root}ok/1.png", f"{root}bad/1.png", f"{root}{name}")
    records = open_records(tmp_path)
    assert records.classes == ["bad", "ok"]
    assert len(records) == 2
    assert any("1 picture(s) are left out" in warning and reason in warning for warning in records.warnings)


def test_masks_beside_splits_are_named(tmp_path):
    _pictures(tmp_path, *CLASSES, "ground_truth/bad/1.png")
    assert "ground_truth: 1 picture(s) are left out" in open_records(tmp_path).warnings[0]


def test_links_to_class_folders_and_pictures_are_followed(tmp_path):
    _pictures(tmp_path, "data/ok/1.png", "elsewhere/1.png", "elsewhere/deep/2.png")
    (tmp_path / "data/bad").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data/ok/2.png").symlink_to(tmp_path / "elsewhere/1.png")
    (tmp_path / "data/ok/gone.png").symlink_to(tmp_path / "nowhere.png")
    records = open_records(tmp_path / "data")
    assert [r.id for r in records] == ["bad/1.png", "bad/deep/2.png", "ok/1.png", "ok/2.png", "ok/gone.png"]


def test_a_link_to_a_folder_that_holds_it_is_passed_over_and_named(tmp_path):
    _pictures(tmp_path, *CLASSES)
    (tmp_path / "train/ok/again").symlink_to(tmp_path)
    records = open_records(tmp_path)
    assert len(records) == 2
    assert f"{tmp_path}/train/ok/again: is left out; it links to a folder that holds it" in records.warnings


def test_splits_may_have_other_names(tmp_path):
    _pictures(tmp_path, "Train/ok/1.png", "TEST/ok/1.png", "validation/ok/1.png", "valid/ok/2.png")
    records = open_records(tmp_path)
    assert {(r.id, r.split) for r in records} == {
        ("Train/ok/1.png", "train"),
        ("valid/ok/2.png", "val"),
        ("validation/ok/1.png", "val"),
        ("TEST/ok/1.png", "test"),
    }


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("scratch/1.png", "scratch: 1 picture(s) are left out; they lie beside train/. Move them into one of these"),
        ("1.png", ": 1 picture(s) are left out; they lie beside train/"),
        ("train/1.png", "train: 1 picture(s) are left out; they lie in no class folder"),
        ("train/ok/1.heic", "1.heic: 1 picture(s) are left out; .heic is not read. Convert to PNG or JPEG"),
        ("train/ok/1.xyz", "1 file(s) beside pictures are left out (1 with .xyz)"),
        ("train/empty/", "train/empty: holds no pictures, so there is no class 'empty' in train"),
        ("manifest.xlsx", "manifest.xlsx: is not used; save it as manifest.csv"),
        ("train/ok/1.jpg", "1 picture(s) have several suffixes (train/ok/1.jpg and train/ok/1.png), and all are used"),
    ],
)
def test_unused_files_are_named_in_a_warning(tmp_path, name, warning):
    _pictures(tmp_path, *CLASSES)
    if name.endswith("/"):
        (tmp_path / name).mkdir()
    else:
        _pictures(tmp_path, name)
    records = open_records(tmp_path)
    assert {r.label for r in records} == {"ok", "bad"}
    (found,) = records.warnings
    assert warning in found


def test_a_plain_data_folder_has_no_warnings(tmp_path, simulated):
    _pictures(tmp_path, *CLASSES, "train/ok/.hidden.png", "train/ok/Thumbs.db", "truth.csv")
    assert open_records(tmp_path).warnings == ()
    assert open_records(simulated).warnings == ()


@pytest.mark.parametrize("suffix", [".jfif", ".JPG", ".Png", ".pgm"])
def test_more_suffixes_are_pictures(tmp_path, suffix):
    _pictures(tmp_path, "ok/1.png", f"bad/1{suffix}")
    assert [r.label for r in open_records(tmp_path)] == ["bad", "ok"]


def test_a_data_set_inside_a_single_folder_is_an_error_that_names_it(tmp_path):
    _pictures(tmp_path, "archive/train/ok/1.png", "archive/test/ok/1.png")
    with pytest.raises(
        TriptychError, match=r"its only folder is .*/archive, which holds splits; give .*/archive instead"
    ):
        open_records(tmp_path)


def test_the_error_lists_the_pictures_found(tmp_path):
    _pictures(tmp_path, "1.png", "2.png")
    with pytest.raises(TriptychError, match=r"2 picture\(s\), but they lie in no class folder"):
        open_records(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_named(tmp_path):
    _pictures(tmp_path, *CLASSES, "train/closed/1.png")
    (tmp_path / "train/closed").chmod(0)
    warnings = open_records(tmp_path).warnings
    (tmp_path / "train/closed").chmod(0o700)
    assert "train/closed: is left out; the folder cannot be listed" in warnings[0]


def test_pictures_to_classify_are_looked_for_in_the_same_way(tmp_path):
    _pictures(tmp_path, "in/1.png", "in/MASK/1.png", "in/x.heic", "elsewhere/2.png", "in/manifest.csv")
    (tmp_path / "in/more").symlink_to(tmp_path / "elsewhere")
    records = image_records([tmp_path / "in"])
    assert [r.id for r in records] == [f"{tmp_path}/in/1.png", f"{tmp_path}/in/more/2.png"]
    assert len(records.warnings) == 3
