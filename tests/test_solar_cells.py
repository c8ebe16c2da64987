"""benchmarks/solar_cells.py on a stand-in for the package: labels in its format and proportions, and no pictures."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from triptych.evaluation.protocol import given_splits

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
COUNTS = {"0.0": 1508, "0.3333333333333333": 295, "0.6666666666666666": 106, "1.0": 715}


@pytest.fixture(scope="module")
def solar_cells():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
        import solar_cells

        yield solar_cells


@pytest.fixture(scope="module")
def out(solar_cells, tmp_path_factory):
    source = tmp_path_factory.mktemp("data")
    (source / "images").mkdir()
    levels = [level for level, count in COUNTS.items() for _ in range(count)]
    lines = [f"images/cell{i:04d}.png  {level:<19} {'mono' if i % 2 else 'poly'}" for i, level in enumerate(levels)]
    (source / "labels.csv").write_text("\n".join(lines) + "\n")
    folder = tmp_path_factory.mktemp("out") / "solar"
    solar_cells.main([str(folder), "--source", str(source)])
    return folder


def _table(out, name):
    return pd.read_csv(out / f"{name}.csv", dtype=str)


def test_the_levels_are_labels_as_text_and_nothing_else_is_told(out):
    manifest = _table(out, "manifest")
    assert list(manifest.columns) == ["image", "label"]
    assert manifest["label"].value_counts().to_dict() == {"0": 1508, "1": 715, "0.33": 295, "0.67": 106}
    assert (out / "images").is_dir()


@pytest.mark.parametrize(
    ("name", "seeds", "labels"),
    [
        ("splits-four_levels", range(5), {"0", "0.33", "0.67", "1"}),
        ("splits-zero_or_one", range(5), {"0", "1"}),
        ("splits-four_levels-dev", range(1000, 1004), {"0", "0.33", "0.67", "1"}),
    ],
)
def test_every_seed_has_325_pictures_to_learn_from_and_400_others_to_test_with(out, name, seeds, labels):
    table = _table(out, name).merge(_table(out, "manifest"))
    assert set(table["seed"]) == set(map(str, seeds))
    for _, division in table.groupby("seed"):
        assert division["split"].value_counts().to_dict() == {"train": 325, "test": 400}
        assert division["image"].is_unique
        assert set(division["label"]) == labels


def test_divisions_are_stratified_by_level_and_differ_between_seeds(out):
    table = _table(out, "splits-four_levels").merge(_table(out, "manifest"))
    counts = table[table["split"] == "train"].groupby("seed")["label"].value_counts().unstack()
    assert counts.loc["0"].to_dict() == {"0": 187, "0.33": 36, "0.67": 13, "1": 89}
    assert (counts == counts.loc["0"]).all(axis=None)
    tests = table[table["split"] == "test"].groupby("seed")["image"].agg(frozenset)
    assert tests.nunique() == 5


def test_no_picture_of_a_test_is_used_for_development(out):
    parts = [_table(out, name) for name in ("splits-four_levels", "splits-zero_or_one")]
    tested = {image for part in parts for image in part["image"][part["split"] == "test"]}
    assert not tested & set(_table(out, "splits-four_levels-dev")["image"])


def test_the_benchmark_reads_the_tables(out):
    split = given_splits(out, out / "splits-four_levels.csv")(3)
    assert (len(split.train), len(split.test)) == (325, 400)
    assert sorted(split.train.classes) == ["0", "0.33", "0.67", "1"]


def test_a_package_that_is_not_installed_is_named(solar_cells, tmp_path, monkeypatch):
    monkeypatch.setattr(solar_cells, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match="pip install elpv-dataset"):
        solar_cells.main([str(tmp_path)])
