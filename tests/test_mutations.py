"""A small part of benchmarks/mutations.py: spoiled input gives a right result or a TriptychError."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize("kind", ["pictures", "tables", "configurations", "settings"])
def test_spoiled_input_is_read_or_refused(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    import mutations

    tally = mutations.run(60, seed=1, folder=tmp_path, names=(kind,))[kind]
    assert tally.findings == []
    assert tally.right + tally.refused == 60
    assert tally.right
