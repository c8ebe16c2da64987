"""How benchmarks/other_layouts.py compares what is read with what is printed."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def judge(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    import other_layouts

    return other_layouts.judge


@pytest.fixture
def printed(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    import vendor_sheet

    return vendor_sheet.Printed


def test_a_known_field_is_right_under_its_own_name_in_micrometres_only(judge, printed):
    assert judge("mean_x", printed(0.0032, um=1000.0), {"mean_x": 3.2}) == "right"
    assert judge("mean_x", printed(0.0032, um=1000.0), {"mean_x": 0.0032}) == "wrong"
    assert judge("mean_x", printed(3.2), {"Mean X": 3.2}) == "missing"


def test_another_field_is_right_under_a_name_that_contains_the_printed_words(judge, printed):
    assert judge("X Cpk", printed(1.4), {"Cpk X": 1.4}) == "right"
    assert judge("X Max", printed(1.4), {"Max": 1.4}) == "missing"
    assert judge("Bin 1 %", printed(86.9), {"Bin 1": 644.0, "Bin 1 %": 86.9}) == "right"


def test_a_dash_is_right_unless_a_number_is_read(judge, printed):
    assert judge("Rejected", printed(None), {}) == "right"
    assert judge("Rejected", printed(None), {"Rejected": "--"}) == "right"
    assert judge("Rejected", printed(None), {"Rejected": 0.0}) == "wrong"


def test_a_sheet_keeps_the_number_as_it_printed_it(monkeypatch, printed):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    from vendor_sheet import Sheet

    sheet = Sheet(np.random.default_rng(0), comma=True, group=".")
    assert sheet.number("mean_x", 12345.678, 1) == "12.345,7"
    assert sheet.number("USL", -0.001) == "0,00"
    assert sheet.printed == {"mean_x": printed(12345.7), "USL": printed(0.0)}


def test_a_layout_of_a_factory_prints_each_name_once(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    from layouts_factories import FACTORIES
    from vendor_sheet import Sheet

    class Listing(Sheet):
        def number(self, name, *arguments, **options):
            assert name not in self.printed
            return super().number(name, *arguments, **options)

    for seed, layout in enumerate(FACTORIES):
        sheet = Listing(np.random.default_rng(seed), layout.comma, layout.group, layout.holes)
        layout.page(sheet)
        assert 7 <= len(sheet.printed) <= 20
