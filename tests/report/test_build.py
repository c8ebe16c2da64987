from triptych import open_records
from triptych.evaluation.evaluate import evaluate
from triptych.report.build import report_data
from triptych.report.html import write_report


def test_a_report_shows_the_models_run_and_every_record(fitted, simulated, tmp_path):
    test = open_records(simulated).split("test")
    result = evaluate(fitted, test)
    report = report_data(fitted.model_, result, title="A run")
    assert [record.id for record in report.records] == [record.id for record in test]
    first = report.records[0]
    assert first.label == test[0].label
    assert first.readings["total"] > 0
    assert first.description.startswith("The dots are")
    assert "There are" in first.reasoning
    assert {epoch["phase"] for epoch in report.curves} == {"warm-up", "align 0.5", "align 1", "fusion"}
    assert any("not a vision-language model" in note for note in report.notes)
    write_report(tmp_path / "r.html", report)
    assert "A run" in (tmp_path / "r.html").read_text()
