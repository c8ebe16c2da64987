"""The changes of benchmarks/broken_equations.py still match the code, so that a moved line is noticed at once."""

import sys
from pathlib import Path

import pytest

import triptych

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def breaks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
        import broken_equations

        yield broken_equations.BREAKS


def test_every_change_applies_to_one_place_and_has_its_tests(breaks):
    package, tests = Path(triptych.__file__).parent, Path(__file__).parent
    stale = [
        item.change
        for item in breaks
        if (package / item.file).read_text(encoding="utf-8").count(item.before) != 1
        or not (tests / item.tests).is_file()
    ]
    assert len(breaks) > 20
    assert not stale
