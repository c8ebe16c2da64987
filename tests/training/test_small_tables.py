"""Tables of a few tens of records beside pictures that say nothing of the class."""

import numpy as np
import pytest
from PIL import Image

from triptych import DefectClassifier, load_config
from triptych.records import Record


def _perfect(rng, labels):
    return labels[:, None] + rng.uniform(-0.3, 0.3, (len(labels), 1))


def _tiny(rng, labels):
    return 1e-7 * (1 + _perfect(rng, labels))


def _two_of_twelve(rng, labels):
    noise = rng.normal(size=(len(labels), 12))
    noise[:, [3, 7]] += 5.0 * (labels[:, None] - 0.5)
    return noise


@pytest.mark.parametrize("table", [_perfect, _tiny, _two_of_twelve])
def test_a_small_table_is_learned_beside_pictures_of_noise(table):
    """Thirty records, without a language model; few are in review and hardly one is accepted wrongly."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(130) % 2)
    noise = np.random.default_rng(1).integers(0, 256, (130, 32, 32, 3), dtype=np.uint8)  # encoded once for all tables

    def record(i: int, row: np.ndarray) -> Record:
        readings = {f"column {k}": float(value) for k, value in enumerate(row)}
        return Record(str(i), Image.fromarray(noise[i]), readings, ("loose", "tight")[labels[i]])

    records = [record(i, row) for i, row in enumerate(table(rng, labels))]
    settings = ("reading.ocr=none", "answers.llm=none", "alignment.epochs=1", "fusion.epochs=20", "warm_up.epochs=10")
    fitted = DefectClassifier(load_config(None, (*settings, "picture.epochs=1", "picture.fold_epochs=1"))).fit(
        records[:30]
    )
    found = fitted.assess(records[30:])
    right = np.array([item.decision.label == item.record.label for item in found])
    accepted = np.array([item.decision.verdict == "accept" for item in found])
    assert right.mean() >= 0.95
    assert right[accepted].mean() >= 0.98
    assert accepted.mean() > 0.5
