"""Heat maps of the experts that see the picture. The defect of these pictures is a red cross in one corner."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from triptych import DefectClassifier, load_config
from triptych.explain import expert_maps
from triptych.explain.class_activation import class_activation
from triptych.explain.gradcam import picture_heat
from triptych.features.vector import Features
from triptych.preparation.branch_inputs import stack_inputs
from triptych.preparation.preparer import Preparer
from triptych.records import Record

SETTINGS = (
    *("experts=[panels, frozen, picture]", "cross_fitting.folds=1", "augment.tda=none", "picture.epochs=6"),
    *("answers.vlm=none", "answers.llm=none", "warm_up.epochs=2", "alignment.stages=[]", "fusion.epochs=4"),
)


def _picture(rng: np.random.Generator, *, crossed: bool) -> Image.Image:
    picture = Image.fromarray(rng.integers(90, 130, (96, 96, 3), dtype=np.uint8))
    if crossed:
        x, y = rng.integers(2, 10, 2).tolist()
        for ends in ((x, y, x + 18, y + 16), (x + 18, y, x, y + 16)):
            ImageDraw.Draw(picture).line(ends, fill=(230, 40, 30), width=4)
    return picture


@pytest.fixture(scope="module")
def crossed():
    """A model that tells pictures with a cross in the upper left corner from others; and prepared crossed records."""
    rng = np.random.default_rng(0)
    records = [
        Record(f"r{i}", _picture(rng, crossed=bool(i % 2)), label="cross" if i % 2 else "ok", readings={"n": 1.0})
        for i in range(24)
    ]
    model = DefectClassifier(load_config(None, SETTINGS)).fit(records).model_
    with Preparer(model.config, model.classes, model.state) as preparer:
        return model, list(preparer.prepare(iter(records[1:6:2])))


def _share_in_the_corner(values: np.ndarray) -> float:
    """The share of the heat in the quarter of the picture that has the cross."""
    grid = np.asarray(Image.fromarray(values).resize((8, 8), Image.Resampling.BILINEAR))
    return float(grid[:4, :4].sum() / grid.sum())


@pytest.mark.parametrize(("expert", "least"), [("frozen", 0.8), ("picture", 0.4)])
def test_a_map_lights_where_the_evidence_is(crossed, expert, least):
    model, items = crossed
    for item in items:
        found = next(one for one in expert_maps(model, item, "cross", "ok") if one.expert == expert)
        row, column = np.unravel_index(found.values.argmax(), found.values.shape)
        assert max(row, column) < len(found.values) / 2
        assert _share_in_the_corner(found.values) > least
        assert found.values.max() == 1


def test_the_cells_of_frozen_add_up_to_its_log_odds(crossed):
    model, items = crossed
    ((part, expert),) = model.ensemble.members("frozen")
    chosen, other = model.classes.index("cross"), model.classes.index("ok")
    inputs = stack_inputs(items, part.features, model.classes, labelled=False)
    said = expert.log_probabilities(inputs)
    intercept = expert.linear.intercepts[chosen] - expert.linear.intercepts[other]
    for item, row in zip(items, said, strict=True):
        parts = class_activation(expert.linear, torch.tensor(item.image), chosen, other)
        assert parts.sum() + intercept == pytest.approx((row[chosen] - row[other]).item(), rel=1e-6)


def test_every_expert_that_sees_the_picture_has_a_map_the_greatest_weight_first(crossed):
    model, items = crossed
    weights = {"frozen": 0.5, "panels": 0.0, "picture": 1.5}
    weighted = replace(model, ensemble=replace(model.ensemble, pool=replace(model.ensemble.pool, weights=weights)))
    found = expert_maps(weighted, items[0], "cross", "ok")
    assert [one.expert for one in found] == ["picture", "frozen"]
    assert [one.method for one in found] == ["Grad-CAM++", "exact class activation"]
    assert all(one.box == pytest.approx((0, 0, 96, 96), abs=0.5) for one in found)
    assert [one.expert for one in expert_maps(model, items[0], "cross", "ok")] == ["panels", "frozen", "picture"]


def test_a_picture_expert_of_plots_has_no_map_of_a_record_without_a_plot(crossed):
    model, items = crossed
    parts = [
        replace(part, experts=dict(part.experts) | {"picture": replace(part.experts["picture"], plots=True)})
        for part in model.ensemble.parts
    ]
    of_plots = replace(model, ensemble=replace(model.ensemble, parts=parts))
    assert "picture" not in [one.expert for one in expert_maps(of_plots, items[0], "cross", "ok")]


def test_the_map_of_an_expert_that_turns_plots_turns_with_the_plot(crossed):
    model, items = crossed
    ((_, expert),) = model.ensemble.members("picture")
    turning = replace(expert, turned=True)
    inputs = stack_inputs(items[:1], Features([]), model.classes, labelled=False)
    heat = picture_heat(turning, inputs.pictures[0], 0)
    again = picture_heat(turning, inputs.pictures[0].rot90(1, (1, 2)), 0)
    torch.testing.assert_close(again, heat.rot90(1, (0, 1)), rtol=1e-3, atol=1e-6)
