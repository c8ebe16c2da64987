"""AutoGluon itself is not installed here: a package of its name stands in for it, in the process that would run it."""

import sys

import pytest
from PIL import Image

from triptych.errors import TriptychError
from triptych.evaluation.peers import PeerRecord
from triptych.evaluation.peers.outside import AutoGluonTabular
from triptych.progress import silent

STAND_IN = """
import pandas as pd
__version__ = "0.0"
class TabularPredictor:
    def __init__(self, label, **_):
        self.label = label
    def fit(self, known, *, time_limit, **_):
        self.means = known.groupby(self.label)["mean_x"].mean()
    def predict(self, asked):
        return asked["mean_x"].map(lambda x: (self.means - x).abs().idxmin())
    def predict_proba(self, asked):
        near = pd.DataFrame({name: 1 / (1 + (asked["mean_x"] - mean).abs()) for name, mean in self.means.items()})
        return near.div(near.sum(axis=1), axis=0)
    def model_names(self):
        return ["NearestMean"]
"""


def _seen(*values: float):
    return [PeerRecord(lambda: Image.new("RGB", (16, 16)), {"mean_x": value}) for value in values]


@pytest.fixture
def _installed(tmp_path, monkeypatch):
    (tmp_path / "autogluon" / "tabular").mkdir(parents=True)
    (tmp_path / "autogluon" / "__init__.py").touch()
    (tmp_path / "autogluon" / "tabular" / "__init__.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("TRIPTYCH_AUTOGLUON", sys.executable)


@pytest.mark.usefixtures("_installed")
def test_another_process_learns_and_labels():
    peer = AutoGluonTabular().fit(_seen(0.0, 1.0, 9.0, 10.0), ["1", "1", "2", "2"], 0, silent)
    found = peer.predict(_seen(8.0, 2.0))
    assert found.labels == ["2", "1"]
    near, far = 1 / 2.5, 1 / 8.5
    assert found.probabilities[0] == pytest.approx([far / (near + far), near / (near + far)])
    assert peer.note == "AutoGluon 0.0, best_quality, 120 s: NearestMean"


@pytest.mark.usefixtures("_installed")
def test_a_class_that_it_leaves_out_has_no_probability(monkeypatch):
    peer = AutoGluonTabular().fit(_seen(0.0, 1.0, 9.0, 10.0), ["1", "1", "2", "2"], 0, silent)
    monkeypatch.setattr(peer, "classes", ["0", "1", "2"])
    assert peer.predict(_seen(8.0)).probabilities[0, 0] == 0


def test_a_process_that_fails_is_told(monkeypatch):
    monkeypatch.setenv("TRIPTYCH_AUTOGLUON", sys.executable)
    with pytest.raises(
        TriptychError, match=r"peer autogluon: .* failed \(ModuleNotFoundError: No module named 'autogluon'\)"
    ):
        AutoGluonTabular().fit(_seen(0.0), ["a"], 0, silent).predict(_seen(0.0))
