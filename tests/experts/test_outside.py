"""An expert of another package."""

from textwrap import dedent

import numpy as np

from outside_package import install_plugin
from triptych import DefectClassifier, open_records

MODULE = '''
import torch


class Fitted:
    """Says the frequencies of the classes, and more for the one whose pictures were as bright."""

    def __init__(self, means):
        self.means = means

    def log_probabilities(self, inputs):
        bright = inputs.pictures.double().mean(dim=(1, 2, 3))
        return (-(bright[:, None] - self.means[None]).abs()).log_softmax(dim=1)

    def state(self):
        return {"means": self.means}


class Component:
    averaged = False

    def takes_part(self, data):
        return data.inputs.pictures is not None

    def fit(self, data, track):
        bright = data.inputs.pictures.double().mean(dim=(1, 2, 3))
        classes = range(data.context.sizes.classes)
        return Fitted(torch.stack([bright[data.labels == i].mean() for i in classes]))

    def restore(self, state, context):
        return Fitted(state["means"])
'''


def test_an_outside_package_adds_an_expert(tmp_path, monkeypatch, quick, simulated):
    install_plugin(tmp_path, monkeypatch, "expert", "brightness", dedent(MODULE))
    records = open_records(simulated)
    fitted = DefectClassifier(quick.changed("experts=[readings, brightness]", "pool.better_than=10")).fit(
        records.split("train")
    )
    assert set(fitted.model_.metrics["experts"]) == {"readings", "brightness", "pool"}
    fitted.save(tmp_path / "model")
    test = records.split("test")[:3]
    loaded = DefectClassifier.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(test), fitted.predict_proba(test))
    assert "brightness" in (tmp_path / "model" / "README.md").read_text()
