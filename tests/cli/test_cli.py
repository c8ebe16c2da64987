import csv
import json
import subprocess
import sys

import pytest
import yaml

from triptych.cli.app import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_help_with_an_example(run, command):
    status, out, _ = run(command, "--help")
    assert status == 0
    assert f"triptych {command}" in out or "The same as:" in out


HEAVY = ("torch", "numpy", "pandas", "sklearn", "cv2", "transformers", "PIL", "pydantic")


def test_help_imports_nothing_heavy():
    code = f"""
import sys
from triptych.cli import main
sys.argv = ["triptych", "--help"]
try:
    main()
finally:
    assert not set({HEAVY}) & set(sys.modules), set({HEAVY}) & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "No such command 'frobnicate'"),
        (["train"], "Missing argument 'DATA'"),
        (["train", "nowhere", "-o", "m"], "nowhere: there is no such folder or manifest"),
        (["predict", "nowhere", "a.png", "-o", "p.csv"], "nowhere: no trained model there"),
        (["evaluate", "m", "d", "--json", "scores.txt"], "must end in .json"),
        (["read", "x.png", "-o", "r.xls"], "must end in .csv, .parquet, .json"),
        (
            ["read", "x.png", "-o", "r.csv", "--ocr", "tea-leaves"],
            "nothing is called 'tea-leaves'; installed are cnocr, rapidocr",
        ),
        (["benchmark", "peers", "-o", "o", "--peer", "vgg"], "there is no such peer; choose among"),
        (["benchmark", "ablation", "-o", "o", "--seeds", "two"], "give numbers such as 0-4"),
        (["benchmark", "ablation", "nowhere", "-o", "o"], "nowhere: there is no such folder or manifest"),
        (["benchmark", "ablation", "-o", "o", "--preset", "grand"], "choose embedded or paper"),
        (["train", "nowhere", "-o", "m", "--set", "fusion.epoch=2"], "there is no such key; allowed are kind, epochs"),
    ],
)
def test_wrong_use_ends_with_status_2_and_one_line(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(*arguments)
    assert status == 2
    assert message in err
    assert err.startswith("triptych: ")
    assert err.count("\n") == 1


def test_read_gives_a_row_per_picture_in_the_contracts_columns(run, simulated, tmp_path):
    status, out, _ = run("read", simulated / "test", "-o", tmp_path / "r.csv")
    rows = list(csv.DictReader((tmp_path / "r.csv").open()))
    truth = {row["image"]: row for row in csv.DictReader((simulated / "truth.csv").open())}
    assert status == 0
    assert list(rows[0])[:8] == ["image", "ok", "total", "mean_x", "mean_y", "sigma_x", "sigma_y", "ring_0_2"]
    assert list(rows[0])[-1] == "problems"
    assert len(rows) == sum(row["split"] == "test" for row in truth.values())
    assert f"of {len(rows)} records read in full" in out
    for row in rows[:3]:
        expected = truth[row["image"].removeprefix(f"{simulated}/")]
        assert float(row["mean_x"]) == pytest.approx(float(expected["mean_x"]))


def test_read_says_of_each_field_how_sure_it_is(run, simulated, tmp_path):
    import pandas as pd

    picture = next((simulated / "test").rglob("*.png"))
    assert run("read", picture, "-o", tmp_path / "r.csv", "--fields", tmp_path / "f.parquet")[0] == 0
    table = pd.read_parquet(tmp_path / "f.parquet").set_index("field")
    assert set(table["certainty"]) <= {"checked", "read"}
    assert "follows from the other counts" in table.loc["total", "checks"]
    assert table.loc["total", "value"] == float(table.loc["total", "text"])
    status, _, err = run("read", picture, "-o", tmp_path / "new.csv", "--fields", tmp_path / "new.csv")
    assert (status, "is named for two outputs" in err) == (2, True)


def test_read_goes_on_after_pictures_that_cannot_be_read(run, simulated, tmp_path):
    good = next((simulated / "test").rglob("*.png"))
    (tmp_path / "text.png").write_text("no picture")
    status, _, err = run("read", tmp_path / "text.png", good, tmp_path / "gone.png", "-o", tmp_path / "r.json")
    rows = json.loads((tmp_path / "r.json").read_text())
    assert status == 1
    assert [row["ok"] for row in rows] == [False, True, False]
    assert "2 of 3 inputs failed:" in err
    assert "text.png: is not a picture that can be decoded" in err
    assert "No such file" in rows[2]["problems"]


def test_read_reports_a_picture_without_a_table(run, tmp_path):
    from PIL import Image

    Image.effect_noise((200, 150), 60).convert("RGB").save(tmp_path / "photo.png")
    status, out, _ = run("read", tmp_path / "photo.png", "-o", tmp_path / "r.json")
    (row,) = json.loads((tmp_path / "r.json").read_text())
    assert status == 0
    assert row["ok"] is False
    assert "table" in row["problems"]
    assert "0 of 1 records read in full" in out


def test_predict_gives_a_row_per_input_in_order_also_for_broken_ones(run, model, simulated, tmp_path):
    good = sorted((simulated / "test").rglob("*.png"))[:2]
    broken = {"text.png": b"no picture", "half.png": good[0].read_bytes()[:400], "dot.png": _one_pixel()}
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    inputs = [good[0], *(tmp_path / name for name in broken), tmp_path / "gone.png", good[1]]
    status, _, err = run("predict", model, *inputs, "-o", tmp_path / "p.csv")
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    assert status == 1
    assert [row["image"] for row in rows] == [str(path) for path in inputs]
    classes = ["normal", "type-1", "type-2", "type-3", "type-4"]
    probabilities = [f"p_{name}" for name in classes]
    last = ["reasons", "problems", "prediction_set", "novelty", "degraded", "error"]
    columns = ["image", "label", "confidence", "decision", *probabilities, *last]
    assert list(rows[0]) == columns
    for row in (rows[0], rows[-1]):
        assert row["label"] in classes
        assert row["error"] == ""
        assert sum(float(row[f"p_{name}"]) for name in classes) == pytest.approx(1, abs=1e-6)
    for row in rows[1:-1]:
        assert (row["decision"], row["label"]) == ("review", "")
        assert row["error"]
    assert "4 of 6 inputs failed:" in err
    assert "the picture is 1x1 px; the least is 16x16" in err


@pytest.mark.parametrize("name", ["p.parquet", "p.jsonl"])
def test_predict_writes_other_formats_with_the_same_columns(run, model, simulated, tmp_path, name):
    import pandas as pd

    good = next((simulated / "test").rglob("*.png"))
    assert run("predict", model, good, "-o", tmp_path / name)[0] == 0
    table = pd.read_parquet(tmp_path / name) if name.endswith("parquet") else pd.read_json(tmp_path / name, lines=True)
    assert list(table.columns)[:4] == ["image", "label", "confidence", "decision"]
    assert list(table.columns)[-1] == "error"


def test_predict_takes_a_manifest_with_a_missing_file(run, model, simulated, tmp_path):
    good = next((simulated / "test").rglob("*.png"))
    (tmp_path / "lot.csv").write_text(f"image\n{good}\ngone.png\n{good}\n")
    status, _, err = run("predict", model, tmp_path / "lot.csv", "-o", tmp_path / "p.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert status == 1
    assert [bool(row["error"]) for row in rows] == [False, True, False]
    assert "1 of 3 inputs failed:" in err


def test_evaluate_writes_the_contracts_json_and_one_report_file(run, model, simulated, tmp_path):
    status, out, _ = run("evaluate", model, simulated, "--json", tmp_path / "s.json", "--report", tmp_path / "r.html")
    scores = json.loads((tmp_path / "s.json").read_text())
    assert status == 0
    assert scores["n"] == len(list((simulated / "test").rglob("*.*")))
    assert set(scores) >= {"n", "macro_f1", "f1", "binary", "confusion"}
    assert set(scores["binary"]) >= {"macro_f1", "f1"}
    assert set(scores["f1"]) == {"normal", "type-1", "type-2", "type-3", "type-4"}
    assert 0 <= scores["macro_f1"] <= 100
    assert f"{scores['macro_f1']:.1f}" in out
    page = (tmp_path / "r.html").read_text()
    assert "measured" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_an_output_that_cannot_be_written_is_refused_before_any_work(run, simulated, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = run("read", simulated / "test", "-o", tmp_path / "file" / "r.csv")
    assert (status, err.count("\n")) == (2, 1)
    assert "cannot be written" in err


def test_train_makes_a_model_and_finds_its_work_done_the_second_time(run, simulated, quick, tmp_path):
    values = quick.model_dump(mode="json", exclude={"seed"})
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(values))
    arguments = ("train", simulated, "-o", tmp_path / "m", "--config", tmp_path / "c.yaml")
    assert run(*arguments)[0] == 0
    weights = (tmp_path / "m" / "weights.safetensors").read_bytes()
    status, out, _ = run(*arguments)
    assert (status, "already trained" in out) == (0, True)
    status, _, err = run(*arguments, "--seed", "5")
    assert (status, "replace it with --overwrite" in err) == (2, True)
    assert run(*arguments, "--set", "fusion.epochs=1", "--overwrite")[0] == 0
    assert (tmp_path / "m" / "weights.safetensors").read_bytes() != weights


def test_train_refuses_unsuitable_data(run, simulated, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no labelled pictures found" in run("train", tmp_path / "empty", "-o", tmp_path / "m")[2]
    only = tmp_path / "one" / "train" / "normal"
    only.mkdir(parents=True)
    for picture in sorted((simulated / "train" / "normal").iterdir())[:3]:
        (only / picture.name).write_bytes(picture.read_bytes())
    status, _, err = run("train", tmp_path / "one", "-o", tmp_path / "m")
    assert (status, err.count("\n")) == (2, 1)
    assert "only the class 'normal'; at least two classes are needed" in err


def test_train_names_the_normal_class_that_is_missing(run, simulated, tmp_path):
    status, _, err = run("train", simulated, "-o", tmp_path / "m", "--normal", "fine")
    assert status == 2
    assert "normal class 'fine': no such class; found normal, type-1" in err


def _one_pixel() -> bytes:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    return buffer.getvalue()
