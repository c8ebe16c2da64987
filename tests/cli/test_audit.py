import json
import shutil

import pandas as pd
import pytest

from triptych.audit import finding
from triptych.cli.audit import KINDS

FAST = ("--set", "cross_fitting.folds=2", "--set", "audit.permutations=100")


@pytest.fixture(scope="module")
def data(simulated, tmp_path_factory):
    """A manifest of the simulated pictures with their true readings, in which one total is wrong."""
    folder = tmp_path_factory.mktemp("audited")
    shutil.copytree(simulated, folder, dirs_exist_ok=True)
    truth = pd.read_csv(folder / "truth.csv").drop(columns=["layout", "Machine", "Lot", "Tool", "Date"])
    truth.loc[7, "total"] = 9999
    truth.to_csv(folder / "manifest.csv", index=False)
    return folder


def test_audit_writes_page_json_and_rows(run, data, tmp_path):
    page, values, rows = (tmp_path / name for name in ("audit.html", "audit.json", "rows.csv"))
    status, out, _ = run("audit", data, "-o", page, "--json", values, "--rows", rows, *FAST, "--fail-on", "leaks")
    assert status == 0
    assert "40 records of 5 classes were audited." in out
    assert str(page) in out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    (contradiction,) = [f for f in json.loads(values.read_text())["findings"] if f["kind"] == "contradictions"]
    table = pd.read_csv(rows)
    assert len(table) == 40
    assert table.loc[table["findings"] == "contradictions", "image"].tolist() == contradiction["records"]


def test_fail_on_a_found_kind_gives_status_1(run, data, tmp_path):
    kinds = ("--fail-on", "leaks", "--fail-on", "contradictions")
    assert run("audit", data, "-o", tmp_path / "audit.html", *FAST, *kinds)[0] == 1


def test_wrong_use_is_one_line(run, data, tmp_path):
    status, _, err = run("audit", data, "-o", tmp_path / "audit.txt")
    assert status == 2
    assert "must end in .html" in err
    status, _, err = run("audit", data, "-o", tmp_path / "a.html", "--fail-on", "nonsense")
    assert status == 2
    assert "label-errors" in err


def test_another_file_is_not_overwritten(run, data, tmp_path):
    other = tmp_path / "audit.html"
    other.write_text("mine")
    status, _, err = run("audit", data, "-o", other, *FAST)
    assert status == 2
    assert "--overwrite" in err
    assert other.read_text() == "mine"


def test_the_options_name_all_kinds():
    assert KINDS == finding.KINDS
