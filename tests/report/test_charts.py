import math
import re

import pytest

from triptych.report.charts import FRAME, draw_charts, nice_ticks


def epochs(phase, **losses: list[float]):
    """The epochs of one phase, from equally long series of losses."""
    rows = zip(*losses.values(), strict=True)
    return [
        {"phase": phase, "epoch": index, "losses": dict(zip(losses, row, strict=True))}
        for index, row in enumerate(rows)
    ]


def coordinates(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", path)]


def test_each_kind_of_phase_has_its_chart_and_the_stages_of_alignment_share_one():
    curves = [
        *epochs("warm-up", cross_entropy=[3, 2, 1]),
        *epochs("align 0.5", itc_llm=[2, 1], itc_pending=[3, 2]),
        *epochs("align 1", itc_llm=[2, 1]),
        *epochs("fusion", cross_entropy=[1, 0.5]),
    ]
    charts = draw_charts(curves)

    assert [(chart.title, chart.epochs) for chart in charts] == [("Warm-up", 3), ("Alignment", 4), ("Fusion", 2)]
    assert [stage.label for stage in charts[1].stages] == ["50%", "100%"]
    assert [line.name for line in charts[1].lines] == ["image with LLM", "pending records"]
    assert charts[0].stages == []


def test_a_line_runs_from_left_to_right_and_falls_with_its_loss():
    (chart,) = draw_charts(epochs("fusion", cross_entropy=[4, 2, 0]))
    (x0, y0), (x1, y1), (x2, y2) = coordinates(chart.lines[0].path)

    assert FRAME.left < x0 < x1 < x2 < FRAME.right
    assert y0 < y1 < y2 == FRAME.bottom  # y points down
    assert y1 - y0 == pytest.approx(y2 - y1)


def test_no_line_joins_two_stages():
    (chart,) = draw_charts([*epochs("align 0.5", itc_llm=[2, 1]), *epochs("align 1", itc_llm=[2, 1])])

    assert chart.lines[0].path.count("M") == 2
    assert len(chart.borders) == 1


def test_a_single_epoch_is_a_dot():
    (chart,) = draw_charts(epochs("warm-up", cross_entropy=[1.5]))

    assert (chart.lines[0].path, chart.lines[0].dots[-2:]) == ("", "h0")


def test_epochs_that_diverged_are_left_out_of_the_line_and_counted():
    (chart,) = draw_charts(epochs("fusion", cross_entropy=[2.0, math.nan, math.inf, 1.0]))

    assert len(coordinates(chart.lines[0].path)) == 2
    assert chart.broken == 2
    assert (chart.lines[0].first, chart.lines[0].last) == (2.0, 1.0)


def test_a_phase_that_only_diverged_still_has_a_chart():
    (chart,) = draw_charts(epochs("fusion", cross_entropy=[math.nan]))

    assert chart.lines[0].path == ""
    assert chart.broken == 1


def test_a_chart_has_a_text_description():
    (chart,) = draw_charts(epochs("fusion", cross_entropy=[2.0, 0.5]))

    assert chart.description == "Fusion, 2 epochs: cross-entropy from 2.00 to 0.50."


def test_a_run_without_curves_has_no_charts():
    assert draw_charts([]) == []


@pytest.mark.parametrize(
    ("top", "ticks"),
    [(4.2, [0, 1, 2, 3, 4, 5]), (60, [0, 20, 40, 60]), (0.31, [0, 0.1, 0.2, 0.3, 0.4]), (0, [0, 1])],
)
def test_ticks_are_round_numbers_that_reach_the_top(top, ticks):
    assert nice_ticks(top) == pytest.approx(ticks)
