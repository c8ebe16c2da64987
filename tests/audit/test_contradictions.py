from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from triptych.answers.ask import Answers
from triptych.audit.contradictions import CONTRADICTS, contradiction_findings, plot_contradictions, ring_contradictions
from triptych.preparation.prepared import Prepared
from triptych.reading import Reading, digitise
from triptych.reading.rings import solve_rings
from triptych.records import Record
from triptych.simulate.draw import draw_record
from triptych.simulate.layouts import LAYOUTS
from triptych.simulate.style import draw_style

NOTHING = np.zeros(1)


def prepared(name, values, plot=None, problems=(), given=True):
    """A record with these readings and this plot."""
    record = Record(name, Image.new("RGB", (32, 32)), readings=values if given else {}, label="normal")
    reading = Reading(ok=not problems, values=values, plot=plot, problems=list(problems))
    return Prepared(record, reading, Answers("", ""), (), NOTHING, NOTHING, NOTHING, NOTHING, {})


@pytest.fixture(scope="module")
def plotted():
    """Twelve records with a plot and the moments of its points."""
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        points = rng.normal(rng.normal(0, 1, 2), rng.uniform(1.5, 3, 2), (300, 2))
        picture = draw_record(points, LAYOUTS[0], draw_style(LAYOUTS[0], rng), {})
        (mean_x, mean_y), (sigma_x, sigma_y) = points.mean(axis=0), points.std(axis=0)
        values = {"mean_x": mean_x, "mean_y": mean_y, "sigma_x": sigma_x, "sigma_y": sigma_y}
        found.append(prepared(f"r{seed}", {k: float(v) for k, v in values.items()}, digitise(picture)))
    return found


def changed(item, **values):
    return replace(item, reading=replace(item.reading, values={**item.reading.values, **values}))


def test_true_moments_do_not_contradict_their_plots(plotted):
    assert contradiction_findings(plotted, 15.0) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda v: {"sigma_x": 2 * v["sigma_x"]}, "sigma_x, sigma_y: their ratio is"),
        (lambda v: {"sigma_x": 2 * v["sigma_x"], "sigma_y": 2 * v["sigma_y"]}, "2.0"),
        (lambda v: {"mean_y": v["mean_y"] + 3}, "mean_y: "),
    ],
)
def test_changed_moments_contradict_their_plot(plotted, change, field):
    some = [*plotted]
    some[5] = changed(some[5], **change(some[5].reading.values))
    (found,) = contradiction_findings(some, 15.0)
    assert found.records == ("r5",)
    assert field in found.words


def test_few_records_are_not_compared(plotted):
    some = [changed(plotted[0], sigma_x=90.0), *plotted[1:5]]
    assert plot_contradictions(some, 15.0) == []


def test_a_total_must_be_the_sum_of_the_rings():
    rings = {"ring_0_2": 100.0, "ring_2_inf": 150.0}
    assert ring_contradictions({"total": 250.0, **rings}) == []
    assert ring_contradictions({"total": 300.0, **rings}) == ["total: 300 is given, but the rings sum to 250"]
    assert ring_contradictions({"total": 300.0, "ring_0_2": 100.0}) == []  # the outer ring is not given


def test_contradictions_that_reading_found_are_reported_and_what_is_missing_is_not():
    problems = ["total: 500 is printed, but the rings sum to 250", "mean_x: not found", "sigma_x: minus sign restored"]
    (found,) = contradiction_findings([prepared("r", {}, problems=problems, given=False)], 15.0)
    assert found.words == problems[0]


def test_the_words_of_reading_are_recognised():
    rings = {(0.0, 2.0): 100.0, (0.0, 4.0): 90.0, (2.0, 4.0): 20.0, (4.0, float("inf")): 5.0}
    faults = solve_rings(rings, 400.0).faults
    assert len(faults) == 3
    assert all(CONTRADICTS.search(fault) for fault in faults)
