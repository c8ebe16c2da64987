from dataclasses import replace

import numpy as np
import pytest
import torch

import tiny
from triptych import DefectClassifier, load_config, open_records
from triptych.errors import TriptychError
from triptych.explain import grad_cam_plus_plus, heat_map
from triptych.preparation.preparer import Preparer


def test_the_map_is_that_of_the_papers_formula_place_by_place():
    generator = torch.Generator().manual_seed(0)
    maps, gradient = torch.rand(3, 2, 2, generator=generator), torch.randn(3, 2, 2, generator=generator)
    weights = []
    for k in range(3):
        total, weight = float(maps[k].sum()), 0.0
        for i in range(2):
            for j in range(2):
                g = float(gradient[k, i, j])
                weight += g**2 / (2 * g**2 + total * g**3) * max(g, 0)
        weights.append(weight)
    for i in range(2):
        for j in range(2):
            expected = max(0.0, sum(weights[k] * float(maps[k, i, j]) for k in range(3)))
            assert grad_cam_plus_plus(maps, gradient)[i, j].item() == pytest.approx(expected, rel=1e-4)


def test_a_channel_without_influence_adds_nothing():
    maps, gradient = torch.ones(2, 2, 2), torch.zeros(2, 2, 2)
    assert grad_cam_plus_plus(maps, gradient).tolist() == [[0, 0], [0, 0]]


def _prepared(model, records):
    return list(Preparer(model.config, model.classes, model.state).prepare(records))


def test_a_record_gets_a_map_of_its_encoders_grid_for_the_class_that_is_predicted(fitted, simulated):
    records = open_records(simulated).split("test")[:3]
    for item, label in zip(_prepared(fitted.model_, records), fitted.predict(records), strict=True):
        found = heat_map(fitted.model_, item)
        assert found.values.shape == (7, 7)
        assert 0 <= found.values.min() <= found.values.max() <= 1
        assert (found.predicted, found.label) == (label, item.record.label)


def test_the_map_is_about_the_class_that_all_experts_together_decide(fitted, simulated, monkeypatch):
    members = fitted.model_.ensemble.members("readings")
    for member in {type(member) for _, member in members}:
        said = member.log_probabilities
        monkeypatch.setattr(member, "log_probabilities", lambda self, inputs, said=said: 9 * said(self, inputs).flip(1))
    records = open_records(simulated).split("test")[:2]
    found = [heat_map(fitted.model_, item).predicted for item in _prepared(fitted.model_, records)]
    assert members
    assert found == list(fitted.predict(records))


def test_a_model_without_the_network_has_no_maps(fitted, simulated):
    model = fitted.model_
    parts = [replace(p, experts={n: e for n, e in p.experts.items() if n != "panels"}) for p in model.ensemble.parts]
    item = _prepared(model, open_records(simulated).split("test")[:1])[0]
    with pytest.raises(TriptychError, match=r"'panels' has no part.*experts=\[panels\]"):
        heat_map(replace(model, ensemble=replace(model.ensemble, parts=parts)), item)


def test_an_encoder_that_is_trained_along_has_maps_too(simulated, tmp_path):
    settings = (
        f"encoders.image=transformers:{tiny.resnet(tmp_path / 'image')}",
        f"encoders.text=transformers:{tiny.bert(tmp_path / 'text')}",
        "encoders.tune=full",
        "warm_up.epochs=1",
        "alignment.stages=[]",
        "fusion.epochs=1",
        "experts=[panels]",
        "cross_fitting.folds=1",
    )
    records = open_records(simulated)
    model = DefectClassifier(load_config(None, settings)).fit(records.split("train")).model_
    found = heat_map(model, _prepared(model, records.split("test")[:1])[0])
    grid = model.ensemble.parts[0].sizes.grid
    assert found.values.shape == (grid, grid)
    assert np.isfinite(found.values).all()
