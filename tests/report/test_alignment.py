"""The section on alignment."""

from dataclasses import replace

import pytest

from triptych.model.folder import load_model
from triptych.report.alignment import alignment_section


@pytest.fixture(scope="module")
def section(trained):
    return alignment_section(trained.model_)


def test_all_panels_are_drawn_before_and_after(section):
    assert [chart.title for chart in section.charts] == ["Before alignment", "After alignment"]
    for chart in section.charts:
        assert [line.name for line in chart.lines] == ["image", "description (VLM)", "reasoning (LLM)"]
        assert {len(line.dots) for line in chart.lines} == {section.records}
        assert chart.x_ticks == chart.y_ticks == []
    assert -1 <= section.before < section.after <= 1


def test_a_seed_gives_one_picture(trained, section):
    assert alignment_section(trained.model_).charts == section.charts


def test_a_saved_model_has_the_same_section(trained, section, tmp_path):
    trained.save(tmp_path / "model")
    loaded = alignment_section(load_model(tmp_path / "model"))
    assert loaded.records == section.records
    assert loaded.after == pytest.approx(section.after, abs=1e-3)


def test_there_is_none_without_the_expert_or_without_alignment(trained):
    model = trained.model_
    parts = [
        replace(part, experts={name: expert for name, expert in part.experts.items() if name != "panels"})
        for part in model.ensemble.parts
    ]
    assert alignment_section(replace(model, ensemble=replace(model.ensemble, parts=parts))) is None
    old = [
        replace(part, experts={n: replace(e, views=None) if n == "panels" else e for n, e in part.experts.items()})
        for part in model.ensemble.parts
    ]
    assert alignment_section(replace(model, ensemble=replace(model.ensemble, parts=old))) is None
