"""Why a model decides as it does on a record."""

import math

import numpy as np
import pytest
from PIL import Image

from triptych import DefectClassifier, load_config, open_records
from triptych.explain.explained import explain_records
from triptych.explain.explanation import WHY, explain, reasons
from triptych.explain.what_if import WhatIf
from triptych.model.prediction import judge_prepared
from triptych.preparation.preparer import Preparer
from triptych.progress import silent
from triptych.records import Record
from triptych.report.explanation_page import bar_of, explanation_page


@pytest.fixture(scope="module")
def items(fitted, simulated):
    model, records = fitted.model_, list(open_records(simulated).split("test"))
    with Preparer(model.config, model.classes, model.state) as preparer:
        return list(preparer.prepare(iter(records)))


def test_the_parts_of_the_experts_add_up_to_the_log_odds_of_the_pool(fitted, items):
    found = explain(fitted.model_, items[0])
    (judged,) = judge_prepared(fitted.model_, [items[0]])
    assert found.label == judged.label
    odds = math.log(judged.probabilities[found.label]) - math.log(judged.probabilities[found.other])
    assert sum(one.share for one in found.experts) == pytest.approx(found.log_odds) == pytest.approx(odds)
    assert {one.name for one in found.experts} == set(judged.experts)


def test_a_defect_is_compared_with_the_normal_class_and_a_normal_record_with_the_runner_up(fitted, items):
    for item in items:
        found = explain(fitted.model_, item)
        assert found.other != found.label
        assert found.label == "normal" or found.other == "normal"


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A model of records whose column `thickness` tells good from bad ones, and whose column `place` does not."""
    rng, records = np.random.default_rng(0), []
    for i in range(60):
        picture = Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8))
        thickness = rng.normal(14 if i % 2 else 10, 0.7)
        readings = {"thickness": float(thickness), "place": float(rng.normal())}
        records.append(Record(id=f"r{i}", image=picture, label="bad" if i % 2 else "ok", readings=readings))
    settings = ("experts=[readings]", "augment.tda=none", "answers.vlm=none", "answers.llm=none")
    model = DefectClassifier(load_config(None, settings)).fit(records).model_
    with Preparer(model.config, model.classes, model.state) as preparer:
        return model, list(preparer.prepare(iter(records[:6])))


def test_the_reading_that_tells_the_classes_apart_comes_first_with_its_usual_range(measured):
    model, items = measured
    for item in items:
        moved = explain(model, item).moved[0]
        assert moved.name == "thickness"
        middle = (moved.low + moved.high) / 2
        assert abs(middle - (10 if item.record.label == "bad" else 14)) < 1
        assert moved.in_words("ok").startswith(f"thickness {moved.value:.3g}; ")


def test_every_counterfactual_holds_when_it_is_predicted(measured):
    model, items = measured
    for item in items:
        found = explain(model, item)
        assert found.turn.name == "thickness"
        assert 11 < found.turn.turned < 13
        what_if = WhatIf.of(model, item)
        assert what_if.changing == {"readings"}
        assert what_if.labels_with([{"thickness": found.turn.turned}]) == [found.other]
        short = found.turn.value + 0.98 * (found.turn.turned - found.turn.value)
        assert what_if.labels_with([{"thickness": short}]) == [found.label]
        side = "under" if item.record.label == "bad" else "over"
        assert found.turned().startswith(f"{found.other} if thickness were {side} ")


def test_moved_readings_are_said_in_words_with_unit_and_range(fitted, items):
    moved = [one for item in items for one in explain(fitted.model_, item).moved]
    assert moved
    sigma = next(one for one in moved if one.name == "sigma_x")
    words = sigma.in_words("normal")
    assert words.startswith("x sigma ")
    assert " um; " in words
    assert words.endswith(" in normal records")
    assert sigma.low < sigma.high


def test_the_nearest_training_record_of_a_training_record_is_itself(fitted, simulated):
    model, records = fitted.model_, list(open_records(simulated).split("train"))[:2]
    with Preparer(model.config, model.classes, model.state) as preparer:
        for item in preparer.prepare(iter(records)):
            near = explain(model, item).neighbours
            assert {one.view for one in near} == {"picture", "readings"}
            assert near[0].id == item.record.id
            assert near[0].distance == pytest.approx(0, abs=0.1)


def test_reasons_are_columns_of_predictions(fitted, items):
    found = reasons(fitted.model_, items[0])
    assert tuple(found) == WHY
    assert " rather than " in found["why"]
    assert all(found.values())


def test_the_page_shows_all_of_it_and_loads_nothing(fitted, simulated):
    records = open_records(simulated).split("test")[:2]
    found = explain_records(fitted.model_, records, silent)
    assert found.failures == []
    page = explanation_page(found.explained, "Why <b>", fitted.model_.decoder)
    assert "Why &lt;b&gt;" in page
    for words in (
        "Counterfactual:",
        "panels (weight ",
        "): Grad-CAM++ for ",
        "The part that the expert sees, with the heat map",
        "Nearest training records",
        "Experts: parts",
    ):
        assert words in page
    assert "<script" not in page
    assert 'src="http' not in page


def test_a_bar_shows_the_range_and_the_value(fitted, items):
    moved = next(one for item in items for one in explain(fitted.model_, item).moved)
    place = bar_of(moved)
    assert 10 <= place.low <= place.high <= 190
    assert 10 <= place.at <= 190
