import json
import shutil

import pandas as pd
import pytest
from PIL import Image, ImageDraw, ImageFont

from triptych.model.folder import save_model
from triptych.reading.layout_file import load_layout_file

SHEET = (("Total", "500"), ("Mean X", "-0.12"), ("Mean Y", "1.50"), ("Lot", "77AB"))
WRONG = (("Total", "500"), ("0-2 um", "100"), (">2 um", "150"))  # the counts do not sum to the total


def sheet(path, rows, **values):
    """Draw a table and save it."""
    picture = Image.new("RGB", (400, 240), "white")
    for i, (name, value) in enumerate(rows):
        text = values.get(name.replace(" ", "_"), value)
        for x, words in ((40, name), (300 - 10 * len(text), text)):
            ImageDraw.Draw(picture).text((x, 30 + 40 * i), words, fill="black", font=ImageFont.load_default(18))
    picture.save(path)


@pytest.fixture
def pictures(tmp_path):
    """Two records of one layout, one that contradicts itself, and a blank picture."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    sheet(folder / "a.png", SHEET)
    sheet(folder / "b.png", SHEET, Total="1234", Mean_X="-10.75", Lot="C3")
    sheet(folder / "c.png", WRONG)
    Image.new("RGB", (400, 240), "white").save(folder / "d.png")
    return folder


@pytest.fixture
def learned(run, pictures, tmp_path):
    """The folder of the layouts learned from `pictures`."""
    run("layouts", "learn", pictures, "-o", tmp_path / "layouts")
    return tmp_path / "layouts"


def test_learn_writes_a_file_pair_for_each_layout_and_for_what_was_not_understood(run, pictures, tmp_path):
    out = tmp_path / "layouts"
    status, printed, err = run("layouts", "learn", pictures, "-o", out)
    assert status == 0
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "a.yaml", "c.png", "c.yaml"]
    assert f"{out}/a.yaml: 2 record(s), 4 fields" in printed
    assert f"{out}/c.yaml: 1 record(s), 3 fields" in printed
    assert "no table was found in 1 pictures" in printed
    assert f"{out}/c.yaml: total: 500 is printed, but the rings sum to 250; correct it: triptych layouts edit" in err
    entries = load_layout_file(out / "a.yaml").entries
    assert [(field.name, field.meaning) for field in entries.fields] == [
        ("Total", "total"),
        ("Mean X", "mean_x"),
        ("Mean Y", "mean_y"),
        ("Lot", None),
    ]


def test_learn_does_not_replace_layouts_unless_asked(run, pictures, learned):
    (learned / "a.yaml").write_text("corrected by hand")
    status, _, err = run("layouts", "learn", pictures, "-o", learned)
    assert (status, "has layout files already" in err) == (2, True)
    assert (learned / "a.yaml").read_text() == "corrected by hand"
    assert run("layouts", "learn", pictures, "-o", learned, "--overwrite")[0] == 0
    assert load_layout_file(learned / "a.yaml").entries.fields


def test_a_corrected_layout_is_what_read_reads(run, pictures, learned, tmp_path):
    path = learned / "a.yaml"
    text = path.read_text().replace("name: Lot", "name: Batch")
    path.write_text(text.replace("meaning: mean_x", "meaning: mean_x\n  unit: mm"))
    out = tmp_path / "r.csv"
    status, printed, _ = run("read", pictures / "b.png", pictures / "d.png", "-o", out, "--layouts", learned)
    assert (status, "1 of 2 records read in full" in printed) == (0, True)
    row = pd.read_csv(out).iloc[0]
    assert (row["total"], row["mean_x"], row["mean_y"], row["Batch"]) == (1234, -10_750, 1.5, "C3")
    assert "Lot" not in row


def test_list_names_layouts_of_a_file_a_folder_and_a_model(run, learned, fitted, given_layout, tmp_path):
    assert run("layouts", "list", learned)[1].splitlines() == [
        "a  given       400x240 px    4 fields  total, mean_x, mean_y",
        "c  given       400x240 px    3 fields  total, ring_0_2, ring_2_inf",
    ]
    (row,) = json.loads(run("layouts", "list", learned / "a.yaml", "--json")[1])
    assert row == {
        "name": "a",
        "given": True,
        "width": 400,
        "height": 240,
        "fields": 4,
        "meanings": ["total", "mean_x", "mean_y"],
    }
    from dataclasses import replace

    from triptych.reading.layout_file import load_layout_files

    state = replace(fitted.model_.state, given=load_layout_files([given_layout]))
    save_model(replace(fitted.model_, state=state), tmp_path / "model")
    rows = json.loads(run("layouts", "list", tmp_path / "model", "--json")[1])
    assert [(row["name"], row["given"]) for row in rows[:2]] == [("console", True), ("learned-1", False)]
    printed = run("layouts", "show", tmp_path / "model", "learned-1")[1]
    assert "picture: learned-1.png" in printed
    assert "meaning: total" in printed


def test_show_prints_yaml_that_is_a_layout(run, learned, tmp_path):
    printed = run("layouts", "show", learned, "a")[1]
    assert printed == (learned / "a.yaml").read_text()
    assert run("layouts", "show", learned)[1].count("\npicture: ") == 2
    status, _, err = run("layouts", "show", learned, "z")
    assert (status, "has no layout 'z'; it has a, c" in err) == (2, True)


def test_show_draws_a_page_without_scripts(run, learned, tmp_path):
    page = tmp_path / "layouts.html"
    assert run("layouts", "show", learned, "-o", page)[0] == 0
    text = page.read_text()
    assert text.count("data:image/png;base64,") == 2
    assert "<script" not in text
    page.write_text("mine")
    status, _, err = run("layouts", "show", learned, "-o", page)
    assert (status, "is not an earlier output" in err) == (2, True)


def test_sources_without_layouts_are_errors(run, tmp_path):
    for arguments in (("list", tmp_path), ("show", tmp_path / "gone.yaml"), ("edit", tmp_path / "gone.yaml")):
        status, out, err = run("layouts", *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)


def test_read_shows_what_was_read_where(run, pictures, learned, tmp_path):
    shutil.copy(pictures / "c.png", pictures / "e.png")
    (learned / "c.yaml").unlink()
    (pictures / "f.png").write_bytes(b"no picture")
    page = tmp_path / "r.html"
    status, printed, _ = run("read", pictures, "-o", tmp_path / "r.csv", "--show", page, "--layouts", learned)
    assert (status, f"page in {page}" in printed) == (1, True)
    text = page.read_text()
    assert "2 of 6 pictures read in full. 1 layout, 1 of them given." in text
    assert text.count("data:image/png;base64,") == 3  # the given layout, and two records without one
    assert "500 is printed, but the rings sum to 250" in text
    for section in ("No layout", "No table", "Not opened"):
        assert f">{section} <span" in text
    status, _, err = run("read", pictures, "-o", tmp_path / "r.csv", "--show", tmp_path / "r.csv")
    assert (status, "is named for two outputs" in err) == (2, True)
