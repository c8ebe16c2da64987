"""The learning curve of a benchmark in the report."""

import json

import pytest

from parsed_page import Page
from triptych.errors import TriptychError
from triptych.report.html import render
from triptych.report.learning_curve import load_learning_curve

SYSTEMS = [
    {"name": "peer", "seeds": [0], "curve": {}, "log_loss_curve": {}},
    {
        "name": "triptych",
        "seeds": [0, 1],
        "curve": {"160": {"mean": 90.0, "half": 4.0}, "40": {"mean": 70.0, "half": 40.0}, "325 or 326": None},
        "log_loss_curve": {"160": {"mean": 0.3, "half": 0.1}, "40": None},
    },
]


@pytest.fixture
def result(tmp_path):
    """Writes a result of `triptych benchmark accuracy` with the changes that are given."""

    def write(**changes):
        path = tmp_path / "accuracy.json"
        path.write_text(json.dumps({"reference": "triptych", "systems": SYSTEMS} | changes))
        return path

    return write


def test_points_come_by_size_with_their_intervals(result):
    found = load_learning_curve(result())
    assert [point.cells for point in found.points] == [
        ("40", "70.0 ± 40.0", "–"),
        ("160", "90.0 ± 4.0", "0.300 ± 0.100"),
    ]
    assert found.source == "accuracy.json, 2 seeds"
    mean, low, high = found.chart.lines
    assert len(mean.dots) == 2
    assert high.dots == low.dots == ()


def test_one_seed_has_no_interval(result):
    one = SYSTEMS[1] | {"curve": {"40": {"mean": 70.0, "half": None}, "80": {"mean": 80.0, "half": None}}}
    found = load_learning_curve(result(systems=[one]))
    assert [line.name for line in found.chart.lines] == ["macro-F1, mean over seeds"]


def test_the_report_draws_it_and_says_where_it_comes_from(make_data, make_record, result):
    page = Page(render(make_data([make_record("normal", "normal")], learning_curve=load_learning_curve(result()))))
    assert "More records" in page.words
    assert "( accuracy.json, 2 seeds)" in page.words.replace("(accuracy", "( accuracy")
    assert "It trained other models than the one of this report." in page.words


def test_a_result_without_a_curve_says_how_to_get_one(result):
    one = SYSTEMS[1] | {"curve": {"325": {"mean": 70.0, "half": None}}}
    with pytest.raises(TriptychError, match=r"no learning curve, because 1 number.* --curve 40,80,160"):
        load_learning_curve(result(systems=[one]))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"systems": [], "reference": "x"}', '{"systems": 3, "reference": 1}']
)
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(TriptychError, match="is not a result of `triptych benchmark accuracy`"):
        load_learning_curve(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TriptychError, match=r"gone\.json: cannot be read"):
        load_learning_curve(tmp_path / "gone.json")
