import numpy as np
import pytest
from PIL import Image

from triptych.answers.ask import Answers
from triptych.audit.leaks import identifying_fields, leak_findings, representatives
from triptych.config import AuditConfig
from triptych.preparation.prepared import Prepared
from triptych.reading import Reading
from triptych.records import Record

NOTHING = np.zeros(1)
RNG = np.random.default_rng(0)
LABELS = ["bad" if draw else "good" for draw in RNG.integers(0, 2, 80)]
ORDER = RNG.permutation(80).tolist()
PICTURE = {"good": Image.new("RGB", (40, 40)), "bad": Image.new("RGB", (48, 40))}


def prepared(place, label, readings, name=None, image=None, group=None):
    record = Record(
        name or f"p{ORDER[place]:03d}.png",
        (image or PICTURE["good"]).copy(),
        readings=readings,
        label=label,
        group=group,
    )
    reading = Reading(ok=True, values=dict(readings))
    return Prepared(record, reading, Answers("", ""), (), NOTHING, NOTHING, NOTHING, NOTHING, {})


def leaks(items):
    fields = identifying_fields(items, ["bad", "good"])
    return {finding.subject: finding for finding in leak_findings(items, fields, AuditConfig(), seed=0)}


def test_random_serials_dates_names_and_separating_measures_are_not_accused():
    items = [
        prepared(
            place,
            label,
            {
                "serial": f"SN{ORDER[place] + 100}",
                "date": f"2024-{ORDER[place] % 12 + 1:02d}-03",
                "mean_x": 5.0 if label == "bad" else 1.0,
                "gap": 0.5 * ORDER[place] + (100 if label == "bad" else 0),
            },
        )
        for place, label in enumerate(LABELS)
    ]
    assert leaks(items) == {}


@pytest.mark.parametrize(
    ("source", "readings"),
    [
        ("serial", lambda place, label: {"serial": f"{'A' if label == 'bad' else 'B'}{ORDER[place] + 100}"}),
        ("serial", lambda place, label: {"serial": float(ORDER[place] + (200 if label == "bad" else 0))}),
        ("date", lambda place, label: {"date": f"2024-{ORDER[place] % 6 + (7 if label == 'bad' else 1):02d}-03"}),
        ("remark", lambda place, label: {"remark": f"seen: {label}"}),
        ("verdict", lambda place, label: {"verdict": "NG" if label == "bad" else "OK"}),
    ],
)
def test_columns_that_tell_the_label_are_accused(source, readings):
    found = leaks([prepared(place, label, readings(place, label)) for place, label in enumerate(LABELS)])
    assert list(found) == [source]
    assert found[source].p_value <= 0.01
    assert "labels right" in found[source].words


def test_file_names_and_sizes_of_pictures_that_tell_the_label_are_accused():
    items = [
        prepared(place, label, {}, f"cam/{label[0]}{ORDER[place]:03d}.png", PICTURE[label])
        for place, label in enumerate(LABELS)
    ]
    assert set(leaks(items)) == {"file name", "picture"}


def test_folders_of_classes_and_splits_are_no_leak():
    items = [prepared(place, label, {}, f"train/{label}/{ORDER[place]:03d}.png") for place, label in enumerate(LABELS)]
    assert leaks(items) == {}


def test_records_of_one_label_in_one_group_count_once():
    assert representatives([0, 0, 0, 1], ["a", "b", "b", "a"]) == [0, 1, 3]
    items = [
        prepared(place, "bad" if place < 40 else "good", {"lot": f"L{place // 20}"}, group=f"L{place // 20}")
        for place in range(80)
    ]
    assert leaks(items) == {}  # four lots prove nothing


def test_ten_records_prove_no_leak_even_if_their_order_tells_the_label():
    items = [prepared(place, "bad" if place < 5 else "good", {"serial": float(place + 10)}) for place in range(10)]
    assert leaks(items) == {}
