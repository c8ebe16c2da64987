"""What a model would say of a record with other numbers."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from triptych import DefectClassifier, load_config
from triptych.explain.what_if import WhatIf, numbers_of
from triptych.features.readings import reading_features
from triptych.model.prediction import judge_prepared
from triptych.preparation.preparer import Preparer
from triptych.records import Record

SETTINGS = (
    *("experts=[panels, readings, trees, sklearn:svc, frozen]", "cross_fitting.folds=1", "augment.tda=none"),
    *("answers.vlm=none", "answers.llm=none", "warm_up.epochs=2", "alignment.stages=[]", "fusion.epochs=4"),
)
CHANGES = [{}, {"thickness": 13.0}, {"thickness": 9.0, "depth": -2.0}, {"constant": 99.0}]


@pytest.fixture(scope="module")
def measured():
    rng, records = np.random.default_rng(0), []
    for i in range(30):
        picture = Image.fromarray(rng.integers(0, 255, (32, 32, 3), dtype=np.uint8))
        numbers = {
            "thickness": float(rng.normal(14 if i % 2 else 10, 0.7)),
            "depth": float(rng.normal()),
            "spare": -2.0,
        }
        readings = numbers | {"line": "a" if i % 3 else "b"}
        records.append(Record(f"r{i}", picture, label="bad" if i % 2 else "ok", readings=readings))
    model = DefectClassifier(load_config(None, SETTINGS)).fit(records).model_
    with Preparer(model.config, model.classes, model.state) as preparer:
        return model, list(
            preparer.prepare(iter([*records[:2], replace(records[2], readings={**readings, "new": 5.0})]))
        )


def _prepared_with(item, change):
    """The record prepared anew with changed numbers."""
    values = {**item.reading.values, **change}
    return replace(item, numbers={**item.numbers, **reading_features(values, item.density)})


def test_changed_numbers_give_what_the_experts_say_of_a_record_that_has_them(measured):
    model, items = measured
    for item in items:
        found = WhatIf.of(model, item).probabilities_with(CHANGES)
        judged = judge_prepared(model, [_prepared_with(item, change) for change in CHANGES])
        expected = [[one.probabilities[name] for name in model.classes] for one in judged]
        np.testing.assert_allclose(found, expected, atol=1e-6)
        assert np.ptp(found[:, 0]) > 0.1


def test_only_experts_that_see_numbers_change(measured):
    model, items = measured
    what_if = WhatIf.of(model, items[0])
    assert set(what_if.by_expert) - what_if.changing == {"frozen"}


def test_the_probabilities_of_an_assessed_record_are_used_again(measured, monkeypatch):
    model, items = measured
    (judged,) = judge_prepared(model, items[:1])
    asked = WhatIf.of(model, items[0])
    monkeypatch.setattr(type(model.ensemble), "expert_log_probabilities", None)
    again = WhatIf.of(model, items[0], judged.experts)
    assert again.changing == asked.changing
    assert again.label == judged.label
    np.testing.assert_allclose(again.probabilities, asked.probabilities, atol=1e-12)


def test_numbers_without_a_column_are_not_tried(measured):
    model, items = measured
    assert set(numbers_of(items[2])) == {"thickness", "depth", "spare", "new"}
    assert set(WhatIf.of(model, items[2]).seen) == {"thickness", "depth", "spare"}
    without = replace(
        model,
        ensemble=replace(
            model.ensemble,
            parts=[
                replace(p, experts={"frozen": p.experts["frozen"]})
                for p in model.ensemble.parts
                if "frozen" in p.experts
            ],
            pool=replace(model.ensemble.pool, weights={"frozen": 1.0}),
        ),
    )
    what_if = WhatIf.of(without, items[0])
    assert what_if.changing == frozenset()
    assert torch.equal(
        torch.from_numpy(what_if.probabilities_with(CHANGES)[0]), torch.from_numpy(what_if.probabilities)
    )


def test_trees_are_asked_again_even_if_the_record_is_far_beyond_their_thresholds(measured):
    model, items = measured
    for item in items[:2]:
        assert "trees" in WhatIf.of(model, item).changing
