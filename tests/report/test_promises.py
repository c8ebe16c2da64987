"""The report's section on promises, operating points and calibration."""

import pytest

from triptych import open_records
from triptych.decision.calibration import Bin, Calibration
from triptych.evaluation.evaluate import evaluate
from triptych.report.build import report_data
from triptych.report.html import render
from triptych.report.operating_charts import points_of, promise_chart, reliability_chart, row_cells
from triptych.report.promises import NOTHING, promises_of


@pytest.fixture(scope="module")
def evaluation(fitted, simulated):
    return evaluate(fitted, open_records(simulated).split("test"))


def test_the_section_says_what_is_promised_what_was_seen_and_on_how_many_records(fitted, evaluation):
    found = promises_of(fitted.model_, evaluation)
    assert found.sentences == [NOTHING]
    assert [name for name, _, _ in found.seen] == ["Review", "Escapes", "Overkill"]
    assert "defective records; 95% interval" in found.seen[1][2]
    assert set(found.tables) == {"escape", "overkill"}
    assert [row.name for row in found.experts] == ["panels", "readings", "pool"]
    assert len(found.charts) == 3


def test_a_promise_of_the_model_is_the_first_sentence(fitted, evaluation):
    promised = fitted.model_.with_settings(["decision.max_escape=0.3"])
    assert promises_of(promised, evaluation).sentences[0].startswith("Escape of at most 30%")


def test_the_report_shows_it_and_links_to_it(fitted, evaluation):
    page = render(report_data(fitted.model_, evaluation, "t"))
    assert '<a href="#promises">' in page
    assert "What a promise costs" in page
    assert "Reliability on these records" in page


def test_rows_have_a_cell_for_each_heading(fitted):
    points = points_of(fitted.model_)
    for side, rows in points.rows.items():
        assert rows
        for row in rows:
            assert len(row_cells(side, row)) == 9


def test_curves_hold_the_numbers_in_words_for_screen_readers(fitted):
    points = points_of(fitted.model_)
    assert "% review" in promise_chart(points).description


def test_the_reliability_diagram_has_a_point_for_each_bin_and_the_ideal_line():
    found = Calibration(3, 0.1, 0.1, 0.05, [Bin(2, 0.5, 0.4), Bin(1, 0.9, 1.0)])
    chart = reliability_chart(found, "Reliability")
    assert [len(line.dots) for line in chart.lines] == [2, 0]
    assert "40% right at 50% confidence" in chart.description
    assert "calibration error 5.0%" in chart.lines[0].name
