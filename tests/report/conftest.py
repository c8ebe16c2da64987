"""A small run to report on: drawn pictures, four kinds of outcome, one record that was not read; and a small model."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from triptych import DefectClassifier, load_config
from triptych.evaluation import score
from triptych.records import frame_records
from triptych.records.fields import point_readings
from triptych.report import ReportData, ReportRecord
from triptych.simulate import LAYOUTS, RING_EDGES, draw_points, draw_record, draw_style

QUICK = (
    *("warm_up.epochs=0", "alignment.stages=[0.5, 1.0]", "alignment.epochs=1", "fusion.epochs=4"),
    *("experts=[panels, readings]", "cross_fitting.folds=2", "augment.tda=none", "decision.max_escape=0.4", "seed=1"),
)

CLASSES = ("normal", "type-1", "type-2")
MakeRecord = Callable[..., ReportRecord]
MakeData = Callable[..., ReportData]


@pytest.fixture(scope="session")
def points():
    return draw_points("type-1", np.random.default_rng(0))


@pytest.fixture(scope="session")
def picture(points) -> Image.Image:
    return draw_record(points, LAYOUTS[0], draw_style(LAYOUTS[0], np.random.default_rng(1)), {})


@pytest.fixture
def make_record(picture, points) -> MakeRecord:
    """A record called `predicted` with `confidence`; the other classes share the remaining probability."""

    def make(label, predicted, confidence=0.9, decision="accept", **changes: Any) -> ReportRecord:
        rest = (1 - confidence) / (len(CLASSES) - 1)
        values = {
            "id": f"test/{label}/0001.png",
            "image": picture,
            "label": label,
            "predicted": predicted,
            "confidence": confidence,
            "probabilities": {name: confidence if name == predicted else rest for name in CLASSES},
            "decision": decision,
            "readings": point_readings(points, RING_EDGES) | {"Lot": "K48213"},
            "problems": [],
            "description": "The dots are slightly shifted to the right.",
            "reasoning": "The mean lies at (+2.73, +0.59) um.",
        }
        return ReportRecord(**(values | changes))

    return make


@pytest.fixture
def unread() -> ReportRecord:
    nothing = {"readings": {}, "problems": [], "description": "", "reasoning": ""}
    return ReportRecord(
        id="test/type-1/notes.png",
        image=None,
        label="type-1",
        predicted=None,
        confidence=0.0,
        probabilities=dict.fromkeys(CLASSES, 0.0),
        decision="review",
        error="is not a picture that can be decoded; save it again as PNG or JPEG",
        **nothing,
    )


@pytest.fixture
def make_data() -> MakeData:
    """The report of `records`; with scores if every readable record has a label."""

    def make(records, **changes: Any) -> ReportData:
        read = [record for record in records if not record.error]
        labelled = bool(read) and all(record.label for record in read)
        values = {
            "title": "Drilling records",
            "created": "3 May 2025, 14:05",
            "scores": score([r.label for r in read], [r.predicted for r in read], CLASSES, "normal")
            if labelled
            else None,
            "classes": CLASSES,
            "normal": "normal",
            "curves": [],
            "records": records,
            "facts": {"Data set": "DATA, split test", "Seed": "0"},
            "notes": ["The descriptions come from `measured`, which is no VLM."],
            "config_yaml": "seed: 0\n",
        }
        return ReportData(**(values | changes))

    return make


@pytest.fixture
def data(make_record, make_data, unread) -> ReportData:
    """An escape in review, an overkill, a wrong defect class, a doubtful record, two good ones, and one not read."""
    return make_data(
        [
            make_record("type-1", "normal", 0.55, "review", id="escape.png"),
            make_record("normal", "type-1", 0.85, "accept", id="overkill.png"),
            make_record("type-2", "type-1", 0.7, "review", id="wrong.png", problems=["the rings add up to 7, not 9"]),
            make_record("type-1", "type-1", 0.6, "review", id="doubtful.png"),
            make_record("normal", "normal", id="good-1.png"),
            make_record("type-2", "type-2", id="good-2.png"),
            unread,
        ]
    )


@pytest.fixture(scope="session")
def records(simulated):
    """Simulated records that carry their readings, so that no picture is searched for text."""
    truth = pd.read_csv(simulated / "truth.csv").drop(columns=["layout", "Machine", "Lot", "Tool", "Date"])
    return frame_records(truth, simulated, "truth.csv")


@pytest.fixture(scope="session")
def trained(records):
    """A small model of them."""
    return DefectClassifier(load_config(None, QUICK)).fit(records.split("train"))
