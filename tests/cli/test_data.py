"""The commands with realistic data sets."""

import csv

import pytest
from PIL import Image


@pytest.fixture
def manifest(simulated, tmp_path):
    """A data set with a manifest that names pictures of the simulated records and a number for each."""
    rows = [("image", "label", "width")]
    for place, picture in enumerate(sorted((simulated / "train").rglob("*.png"))):
        rows.append((f"{picture}", picture.parent.name, str(place)))

    def write(change=lambda rows: rows, folder="data"):
        (tmp_path / folder).mkdir(exist_ok=True)
        with (tmp_path / folder / "manifest.csv").open("w", newline="") as file:
            csv.writer(file).writerows(change(list(rows)))
        return tmp_path / folder

    return write


def test_predict_on_a_data_folder_uses_its_manifest(run, model, manifest, tmp_path):
    def change(rows):
        return [rows[0], *rows[1:4], ("", "normal", "1"), ("gone.png", "normal", "2"), rows[4]]

    data = manifest(change)
    Image.new("RGB", (20, 20)).save(data / "unlisted.png")
    status, _, err = run("predict", model, data, "-o", tmp_path / "p.csv")
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    listed = list(csv.DictReader((data / "manifest.csv").open()))
    assert status == 1
    assert [row["image"] for row in rows] == [row["image"] or "row 4 (line 5)" for row in listed]
    assert [row["decision"] == "review" for row in rows][3:5] == [True, True]
    assert "row 4 (line 5): the cell of column 'image' is empty" in rows[3]["error"]
    assert f"{data}/gone.png: cannot be read" in rows[4]["error"]
    assert "2 of 6 inputs failed" in err


def test_rows_that_are_not_used_are_counted_and_listed(run, model, manifest):
    def change(rows):
        splits = ["split", *["test"] * 8, "train", ""]
        divided = [(*row, split) for row, split in zip(rows[: len(splits)], splits, strict=True)]
        return [*divided, (rows[1][0], "", "1", "test")]

    status, _, err = run("evaluate", model, manifest(change))
    assert status == 0
    assert "2 record(s) of the data set are not used:" in err
    assert "it names no split, and others do" in err
    assert "it has no label" in err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda rows: [("image", "Class", "width"), *rows[1:]],
            "there is no column 'label'; found image, Class, width",
        ),
        (lambda rows: [rows[0], *(("x/" + row[0].lstrip("/"), *row[1:]) for row in rows[1:])], "none of its"),
        (lambda rows: [(*row, f"{n}x") for n, row in enumerate(rows)], "there is no column 'lot' to group by"),
        (lambda rows: [("image", "image", "label"), *rows[1:]], "columns 1 and 2 are both called 'image'"),
    ],
)
@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_wrong_tables_end_with_status_2_and_one_line(run, model, manifest, tmp_path, change, message, command):
    folder = manifest(change)
    arguments = (folder, "-o", tmp_path / "m") if command == "train" else (model, folder)
    status, _, err = run(command, *arguments, *(("--group", "lot") if "lot" in message else ()))
    assert (status, err.count("\n")) == (2, 1)
    assert message in err


def test_evaluate_refuses_groups_that_the_model_was_not_trained_with(run, model, manifest):
    data = manifest(lambda rows: [(*row, "group" if not n else f"g{n % 9}") for n, row in enumerate(rows)])
    status, _, err = run("evaluate", model, data)
    assert status == 2
    assert "the model was trained without groups and this data set has some" in err
